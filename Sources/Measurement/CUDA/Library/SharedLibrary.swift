#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A shared library opened at run time; it stays open for the rest of the process, since CUDA's libraries do not take
/// being closed well.
@safe struct SharedLibrary {
    private let handle: UnsafeMutableRawPointer
    /// As it was asked for: a path, or a name for the loader to look up.
    let name: String

    /// - Throws: the loader's own words.
    init(_ name: String) throws(LibraryError) {
        _ = unsafe dlerror()
        guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw LibraryError(library: name, message: Self.loaderError)
        }
        unsafe self.handle = handle
        self.name = name
    }

    /// The function of this name as the C function type `Function`, which has to be what it is declared as.
    ///
    /// - Throws: when the library is too old to have it.
    @unsafe func function<Function>(
        _ symbol: String, as type: Function.Type = Function.self
    ) throws(LibraryError) -> Function {
        guard let function = unsafe optionalFunction(symbol, as: type) else {
            throw LibraryError(library: name, message: "it has no function \(symbol): the library is too old")
        }
        return function
    }

    /// The function of this name, or nil where the library has none.
    @unsafe func optionalFunction<Function>(_ symbol: String, as type: Function.Type = Function.self) -> Function? {
        guard let address = unsafe dlsym(handle, symbol) else { return nil }
        return unsafe unsafeBitCast(address, to: type)
    }

    /// The file that the library was loaded from, as the loader found it. The library's name where that cannot be told.
    func path(byFunction symbol: String) -> String {
        // What C calls Dl_info. The C library's module has neither it nor dladdr, an extension of its own.
        typealias Information = (
            file: UnsafePointer<CChar>?, base: UnsafeRawPointer?, symbol: UnsafePointer<CChar>?,
            address: UnsafeRawPointer?
        )
        typealias Call = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer) -> Int32
        guard let address = unsafe dlsym(handle, symbol), let dladdr = unsafe dlsym(nil, "dladdr") else { return name }
        let call = unsafe unsafeBitCast(dladdr, to: Call.self)
        var information: Information = (nil, nil, nil, nil)
        guard unsafe call(address, &information) != 0, let file = unsafe information.file else { return name }
        let path = unsafe String(cString: file)
        return path.contains("/") ? path : name
    }

    private static var loaderError: String {
        guard let text = unsafe dlerror() else { return "the loader gave no reason" }
        return unsafe String(cString: text)
    }
}

/// Why a library cannot be used.
struct LibraryError: Error, Sendable, Equatable, CustomStringConvertible {
    var library: String
    var message: String

    var description: String {
        // The loader's own words mostly begin with the name.
        message.hasPrefix(library) ? message : "\(library): \(message)"
    }
}
