#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What signals and faults do to a worker.
enum WorkerSignals {
    /// Faults end the process at once, by their own signal, and leave no core file: the caller tells them apart.
    static func reset() {
        for number in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] {
            _ = signal(number, SIG_DFL)
        }
        _ = signal(SIGPIPE, SIG_IGN)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Glibc)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        #else
        _ = unsafe setrlimit(RLIMIT_CORE, &none)
        #endif
    }

    /// Ends the process, with its compilers and whatever kernels have started if it leads their group.
    static func abandonWork() -> Never {
        if getpgrp() == getpid() { kill(0, SIGKILL) }
        _exit(0)
    }

    /// Lets go of the processor to whatever is being timed.
    static func stepBack() {
        _ = nice(10)
    }
}
