import KernelSpec

/// The arguments of a kernel in memory, as its entry point takes them: an address for each, scalars too.
@safe final class CPUArguments {
    let arguments: [Argument]
    private let memory: [GuardedMemory]
    /// What each argument holds before a run; an output's is written over by poison.
    private var initial: [[UInt8]] = []
    let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>

    init(_ arguments: [Argument]) throws(RPCError) {
        var memory: [GuardedMemory] = []
        for argument in arguments {
            guard let guarded = GuardedMemory(byteCount: argument.byteCount) else {
                throw .unsupported("there is no memory for argument \(argument.name), \(argument.byteCount) bytes")
            }
            memory.append(guarded)
        }
        self.arguments = arguments
        self.memory = memory
        unsafe pointers = .allocate(capacity: max(1, memory.count))
        for (index, guarded) in memory.enumerated() {
            unsafe (pointers + index).initialize(to: guarded.base)
        }
    }

    deinit {
        unsafe pointers.deallocate()
    }

    /// Makes the inputs; another `seedOffset` makes fresh ones.
    func makeInputs(seedOffset: UInt64, heartbeat: Heartbeat) throws(RPCError) {
        initial = []
        for argument in arguments {
            heartbeat.beat()
            do {
                initial.append(argument.role == .output ? [] : try argument.bytes(seedOffset: seedOffset))
            } catch {
                throw .unsupported("the input \(argument.name) cannot be made: \(error)")
            }
        }
    }

    /// Puts everything back to before a run: inputs as they were, outputs poisoned, guards whole.
    func restore(_ poison: Poison, heartbeat: Heartbeat) {
        for (index, argument) in arguments.enumerated() {
            heartbeat.beat()
            memory[index].resetGuards()
            memory[index].fill(
                with: argument.role == .output
                    ? poison.bytes(count: argument.byteCount, for: argument.dataType) : initial[index])
        }
    }

    /// What is read and written starts each sample the same.
    func restoreInOut() {
        for (index, argument) in arguments.enumerated() where argument.role == .inOut {
            memory[index].fill(with: initial[index])
        }
    }

    var hasInOut: Bool { arguments.contains { $0.role == .inOut } }

    /// The arguments whose content is the kernel's result.
    var results: [Int] { arguments.indices.filter { arguments[$0].role == .output || arguments[$0].role == .inOut } }

    func bytes(of index: Int) -> [UInt8] { memory[index].bytes() }

    /// The first write outside an argument or into an input, in words.
    func misuse() -> String? {
        for (index, argument) in arguments.enumerated() {
            switch memory[index].damage {
            case .after(let bytes): return "wrote outside argument \(argument.name): \(Self.bytes(bytes)) past its end"
            case .before(let bytes):
                return "wrote outside argument \(argument.name): \(Self.bytes(bytes)) before its start"
            case nil: break
            }
            if argument.role == .input, !memory[index].holds(initial[index]) {
                return "wrote into argument \(argument.name), which is an input"
            }
        }
        return nil
    }

    private static func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
}
