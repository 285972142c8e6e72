#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A compiled kernel in this process's memory, for as long as it is referred to. The only place where its code is called.
@safe final class LoadedKernel {
    /// The one C function type of all kernels: `EntryPoint` makes it around theirs.
    private typealias Entry = @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer>) -> Void

    private let handle: UnsafeMutableRawPointer
    private let entry: Entry
    /// How often the kernel runs in one sample; nil until it was seen how long it takes.
    var runsPerSample: Int?

    /// - Throws: `launchError`'s reason, the loader's own words.
    init(path: String, symbol: String = EntryPoint.kernelSymbol) throws(LaunchFailure) {
        _ = unsafe dlerror()
        guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw LaunchFailure(reason: "the compiled kernel does not load: \(Self.loaderError)")
        }
        guard let address = unsafe dlsym(handle, symbol) else {
            let reason = Self.loaderError
            unsafe dlclose(handle)
            throw LaunchFailure(reason: "the compiled kernel lacks its entry point: \(reason)")
        }
        unsafe self.handle = handle
        unsafe self.entry = unsafe unsafeBitCast(address, to: Entry.self)
    }

    deinit {
        _ = unsafe dlclose(handle)
    }

    /// Runs the kernel once.
    func run(_ arguments: CPUArguments) {
        unsafe entry(arguments.pointers)
    }

    private static var loaderError: String {
        guard let text = unsafe dlerror() else { return "no reason given" }
        return unsafe String(cString: text)
    }
}
