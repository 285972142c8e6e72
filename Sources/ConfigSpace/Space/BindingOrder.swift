/// The axes of a search in the order they are bound, each with what can be checked or computed once it is.
///
/// A condition is checked at its last axis; what it computes from earlier ones alone is computed when these are bound, and
/// not again for each value of the last. Steps are plain numbers that point into shared lists, so that walking over them
/// counts no references.
struct BindingOrder: Sendable {
    struct Step: Sendable {
        let axis: Int
        let count: Int
        /// Where in `checks` the conditions are whose last axis this is.
        let checks: Range<Int>
        /// Where in `rivals` the earlier axes of the same permutation are.
        let rivals: Range<Int>
        /// Where in `code` that is which later checks need and which depends on nothing later.
        let ahead: Range<Int>
        /// Whether every value fits.
        var isFree: Bool { checks.isEmpty && rivals.isEmpty }
    }

    /// What is left to run of a condition when its last axis is bound.
    private struct Check: Sendable {
        let condition: Int
        let code: Range<Int>
        /// -1 where the general evaluator is needed.
        let result: Int
    }

    private(set) var steps: [Step] = []
    private let space: CompiledSpace
    private var checks: [Check] = []
    private var rivals: [Int] = []
    private var code: [FastStep] = []
    /// What depends on no choice at all.
    private let beforeAll: Range<Int>

    init(_ axes: [Int], in space: CompiledSpace) {
        self.space = space
        var place: [Int: Int] = [:]
        for (index, axis) in axes.enumerated() { place[axis] = index }
        var closing: [[(condition: Int, program: FastProgram?)]] = Array(repeating: [], count: axes.count)
        var ahead: [[FastStep]] = Array(repeating: [], count: axes.count + 1)
        for (index, condition) in space.conditions.enumerated() {
            let places = condition.axes.compactMap { place[$0] }
            guard places.count == condition.axes.count, let last = places.max() else { continue }
            let split = condition.program?.split(before: last) { place[$0] ?? -1 }
            for (place, step) in split?.ahead ?? [] { ahead[place + 1].append(step) }
            closing[last].append((index, split?.rest))
        }
        code = ahead[0]
        beforeAll = 0..<code.count
        for (index, axis) in axes.enumerated() {
            let firstRival = rivals.count
            rivals += (space.permutation[axis] ?? 0..<0).filter { place[$0] ?? index < index }
            let firstAhead = code.count
            code += ahead[index + 1]
            let endOfAhead = code.count
            let firstCheck = checks.count
            for (condition, program) in closing[index] { append(condition, program) }
            steps.append(
                Step(
                    axis: axis, count: space.layout.axes[axis].count, checks: firstCheck..<checks.count,
                    rivals: firstRival..<rivals.count, ahead: firstAhead..<endOfAhead))
        }
    }

    private mutating func append(_ condition: Int, _ program: FastProgram?) {
        let start = code.count
        for var step in program?.steps ?? [] {
            if step.isJump { step.target += start }
            code.append(step)
        }
        checks.append(Check(condition: condition, code: start..<code.count, result: program?.result ?? -1))
    }

    /// An assignment with nothing bound.
    func start() -> Assignment {
        var assignment = Assignment(space)
        FastStep.prepare(code, beforeAll, &assignment.cells)
        return assignment
    }

    /// Binds the step's axis to the value at `index`, and says whether all that is bound then is valid still.
    ///
    /// Where it is to stay, `prepare` has to follow.
    func fits(_ index: Int, at step: Int, _ assignment: inout Assignment) -> Bool {
        for rival in steps[step].rivals where assignment.indices[rivals[rival]] == index { return false }
        assignment.bind(steps[step].axis, to: index)
        for number in steps[step].checks {
            let check = checks[number]
            let fast =
                check.result < 0
                ? nil : FastStep.holds(code, check.code, result: check.result, &assignment.cells)
            if !(fast ?? space.conditions[check.condition].holdsSlowly({ assignment.value(of: $0) })) { return false }
        }
        return true
    }

    /// Computes what later steps need of what is bound at this one.
    @inline(__always)
    func prepare(_ step: Int, _ assignment: inout Assignment) {
        guard !steps[step].ahead.isEmpty else { return }
        FastStep.prepare(code, steps[step].ahead, &assignment.cells)
    }

    /// Binds the step's axis for good to a value that fits.
    func bind(_ step: Int, to index: Int, _ assignment: inout Assignment) {
        assignment.bind(steps[step].axis, to: index)
        prepare(step, &assignment)
    }

    /// The axes bound before that decide which values fit at the step.
    func context(of step: Int) -> [Int] {
        checks[steps[step].checks].flatMap { space.conditions[$0.condition].axes }.filter { $0 != steps[step].axis }
            + rivals[steps[step].rivals]
    }

    /// The cells that the step reads, and those that it binds or computes for later ones.
    func cells(of step: Int) -> (read: Set<Int>, written: Set<Int>) {
        var read = Set(rivals[steps[step].rivals])
        var written: Set<Int> = [steps[step].axis]
        for part in code[steps[step].ahead] {
            read.formUnion([part.left, part.right])
            written.insert(part.target)
        }
        for check in checks[steps[step].checks] {
            if check.result < 0 { read.formUnion(space.conditions[check.condition].axes) }
            if check.result >= 0 { read.insert(check.result) }
            for part in code[check.code] { read.formUnion([part.left, part.right]) }
        }
        return (read, written)
    }

    /// All cells that some step binds or computes for later ones; others are constants, or of use inside a check only.
    var writtenCells: Set<Int> { steps.indices.reduce(into: []) { $0.formUnion(cells(of: $1).written) } }

    /// What checking one value counts as in steps of work; the general evaluator is slow.
    func cost(of step: Int) -> Int {
        checks[steps[step].checks].reduce(1) { $0 + ($1.result < 0 ? 30 : 0) }
    }
}

extension FastProgram {
    /// Splits off the steps that need only what is bound before the place `last`, each with the first place where it can
    /// run; -1 is before all.
    fileprivate func split(
        before last: Int, place: (_ axis: Int) -> Int
    ) -> (ahead: [(place: Int, step: FastStep)], rest: FastProgram) {
        var writers: [Int: Int] = [:]
        for step in steps where !step.isJump { writers[step.target, default: 0] += 1 }
        // Where a cell is known: of an axis when it is bound, of a result when it is computed ahead.
        var known: [Int: Int] = [:]
        func placeOf(_ cell: Int) -> Int { writers[cell] == nil ? place(cell) : known[cell] ?? last }
        var ahead: [(place: Int, step: FastStep)] = []
        var left: [FastStep] = []
        var newIndex: [Int] = []
        for step in steps {
            newIndex.append(left.count)
            let ready = max(placeOf(step.left), placeOf(step.right))
            if !step.isJump, writers[step.target] == 1, ready < last {
                known[step.target] = ready
                ahead.append((ready, step))
            } else {
                left.append(step)
            }
        }
        newIndex.append(left.count)
        for index in left.indices where left[index].isJump { left[index].target = newIndex[left[index].target] }
        return (ahead, FastProgram(steps: left, result: result))
    }
}
