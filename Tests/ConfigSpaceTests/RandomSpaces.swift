import ConfigSpace

/// Small spaces of random parameters and constraints, the same for the same seed.
func randomSpace(seed: UInt64) throws -> ConfigSpace? {
    var generator = SplitMix64(seed: seed)
    func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }
    let domains: [Domain] = [
        .powerOf2(min: 1, max: 8), .integer(min: -2, max: 4, step: 2), .boolean, .integer(min: 3, max: 3, step: 1),
        .values([.string("a"), .string("b"), .null]), .values([.double(0.5), .int(2), .bool(true), .int(8)]),
        .permutation(length: 3), .list(length: 2, of: .integer(min: 0, max: 2, step: 1)),
        .tuple([.powerOf2(min: 2, max: 4), .boolean, .permutation(length: 2)]),
    ]
    let parameters = (0..<Int.random(in: 1...5, using: &generator)).map { ("p\($0)", pick(domains)) }
    func operand() -> String {
        let (name, domain) = pick(parameters)
        switch domain {
        case .permutation, .list:
            return pick(["\(name)[0]", "\(name)[-1]", "\(name)[1]", "sum(\(name))", "len(\(name))"])
        case .tuple: return pick(["\(name)[0]", "\(name)[1]", "\(name)[2][1]", "len(\(name)[2])"])
        default: return name
        }
    }
    func number() -> String {
        pick([operand(), operand(), "\(operand()) * \(operand())", "\(operand()) + \(operand())", "1", "2", "k"])
    }
    func condition() -> String {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: "\(number()) != \(number())"
        case 1: "\(operand()) in [0, 1, 2, 'a', None]"
        case 2: "\(number()) % \(operand()) == 0"
        case 3: "\(operand()) == 0 or \(number()) / \(operand()) < 2"
        case 4: "not (\(operand()) == 1 and \(number()) > 1)"
        case 5: "0 <= \(number()) <= 3 and \(operand()) != 'b'"
        case 6: "(\(operand()) if \(operand()) else 1) != 2"
        case 7: "max(\(number()), \(number())) <= 4"
        case 8: "sum([i for i in [\(operand()), 1] if i]) > 0"
        default: "\(number()) <= \(number())"
        }
    }
    let constraints = try (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        Constraint(try Expression(parsing: condition()))
    }
    let plain = parameters.map { Parameter(name: $0.0, domain: $0.1) }
    let constants: [String: Value] = ["k": .int(2)]
    guard
        let first = try ConfigSpace.firstValidConfig(
            parameters: plain, constraints: constraints, constants: constants)
    else { return nil }
    return try ConfigSpace(
        parameters: plain.map { Parameter(name: $0.name, domain: $0.domain, defaultValue: first[$0.name]) },
        constraints: constraints, constants: constants)
}
