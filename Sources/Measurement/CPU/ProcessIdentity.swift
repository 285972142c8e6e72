#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Which process this was before a kernel ran.
struct ProcessIdentity {
    private let number = getpid()

    /// A kernel may fork, and both processes come back from it. The child is nobody's worker: were it to go on, each run
    /// would double them.
    func endIfForked() {
        if getpid() != number { _exit(0) }
    }
}
