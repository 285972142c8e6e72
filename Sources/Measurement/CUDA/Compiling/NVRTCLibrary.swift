import Synchronization

/// NVRTC, CUDA's compiler as a library, opened at run time.
///
/// This is the only file that calls it.
@safe final class NVRTCLibrary {
    private typealias Status = Int32
    private typealias Out<T> = UnsafeMutablePointer<T>
    private typealias SizeCall = @convention(c) (UInt, Out<Int>) -> Status
    private typealias BytesCall = @convention(c) (UInt, UnsafeMutableRawPointer) -> Status

    /// The file it was loaded from.
    let path: String

    private let errorTextCall: @convention(c) (Status) -> UnsafePointer<CChar>?
    private let versionCall: @convention(c) (Out<Int32>, Out<Int32>) -> Status
    private let architectureCountCall: (@convention(c) (Out<Int32>) -> Status)?
    private let architecturesCall: (@convention(c) (Out<Int32>) -> Status)?
    private let createCall:
        @convention(c) (
            Out<UInt>, UnsafePointer<CChar>, UnsafePointer<CChar>, Int32, UnsafeRawPointer?, UnsafeRawPointer?
        ) -> Status
    private let destroyCall: @convention(c) (Out<UInt>) -> Status
    private let addNameCall: @convention(c) (UInt, UnsafePointer<CChar>) -> Status
    private let compileCall: @convention(c) (UInt, Int32, UnsafePointer<UnsafePointer<CChar>?>?) -> Status
    private let loweredNameCall: @convention(c) (UInt, UnsafePointer<CChar>, Out<UnsafePointer<CChar>?>) -> Status
    private let logSizeCall: SizeCall
    private let logCall: BytesCall
    private let cubinSizeCall: SizeCall
    private let cubinCall: BytesCall

    /// - Throws: when the library is too old to have what is called here (before CUDA 11.1).
    init(_ library: SharedLibrary) throws(LibraryError) {
        path = library.path(byFunction: "nvrtcVersion")
        unsafe errorTextCall = try library.function("nvrtcGetErrorString")
        unsafe versionCall = try library.function("nvrtcVersion")
        unsafe architectureCountCall = library.optionalFunction("nvrtcGetNumSupportedArchs")
        unsafe architecturesCall = library.optionalFunction("nvrtcGetSupportedArchs")
        unsafe createCall = try library.function("nvrtcCreateProgram")
        unsafe destroyCall = try library.function("nvrtcDestroyProgram")
        unsafe addNameCall = try library.function("nvrtcAddNameExpression")
        unsafe compileCall = try library.function("nvrtcCompileProgram")
        unsafe loweredNameCall = try library.function("nvrtcGetLoweredName")
        unsafe logSizeCall = try library.function("nvrtcGetProgramLogSize")
        unsafe logCall = try library.function("nvrtcGetProgramLog")
        unsafe cubinSizeCall = try library.function("nvrtcGetCUBINSize")
        unsafe cubinCall = try library.function("nvrtcGetCUBIN")
    }

    func version() throws(NVRTCError) -> (major: Int, minor: Int) {
        var (major, minor): (Int32, Int32) = (0, 0)
        try check(unsafe versionCall(&major, &minor), "nvrtcVersion")
        return (Int(major), Int(minor))
    }

    /// The architectures it compiles for, such as 90; empty from a version that cannot tell (before 11.2).
    func supportedArchitectures() throws(NVRTCError) -> [Int] {
        guard let countCall = unsafe architectureCountCall, let listCall = unsafe architecturesCall else { return [] }
        var count: Int32 = 0
        try check(unsafe countCall(&count), "nvrtcGetNumSupportedArchs")
        guard count > 0 else { return [] }
        var numbers = [Int32](repeating: 0, count: Int(count))
        try check(unsafe listCall(&numbers), "nvrtcGetSupportedArchs")
        return numbers.map(Int.init)
    }

    /// What one run of the compiler leaves.
    struct Compilation {
        /// Nil if it does not compile.
        var cubin: [UInt8]?
        var log: String
        /// What NVRTC itself says of the failure.
        var error: NVRTCError?
        /// The names in the machine code, by name expression.
        var symbols: [String: String]
    }

    /// Compiles `source`, whose `#include "…"` are looked for in the folder of `path` first.
    ///
    /// - Parameters:
    ///   - names: C++ expressions for functions (`matmul<float, 4>`) and variables (`&filter`); what they name is kept and
    ///     templates are instantiated.
    /// - Throws: when the compiler cannot be asked at all.
    func compile(source: [UInt8], path: String, options: [String], names: [String]) throws(NVRTCError) -> Compilation {
        let result = Self.turn.withLock { _ in
            Result { () throws(NVRTCError) in try compileAlone(source, path, options, names) }
        }
        return try result.get()
    }

    /// One program at a time in a process: with several threads at it, NVRTC 13.0 was seen to lose what ptxas says.
    private static let turn = Mutex<Void>(())

    private func compileAlone(
        _ source: [UInt8], _ path: String, _ options: [String], _ names: [String]
    ) throws(NVRTCError) -> Compilation {
        var program: UInt = 0
        let text = String(decoding: source, as: UTF8.self)
        try check(unsafe createCall(&program, text, path, 0, nil, nil), "nvrtcCreateProgram")
        defer { _ = unsafe destroyCall(&program) }
        for name in names { try check(unsafe addNameCall(program, name), "nvrtcAddNameExpression") }

        let status = compileStatus(of: program, options)
        let logBytes = try unsafe bytes(program, logSizeCall, logCall, "nvrtcGetProgramLog")
        let log = String(decoding: logBytes.prefix { $0 != 0 }, as: UTF8.self)
        guard status == 0 else {
            return Compilation(cubin: nil, log: log, error: error(status, "nvrtcCompileProgram"), symbols: [:])
        }
        var symbols: [String: String] = [:]
        for name in names { symbols[name] = try symbol(of: name, in: program) }
        let cubin = try unsafe bytes(program, cubinSizeCall, cubinCall, "nvrtcGetCUBIN")
        return Compilation(cubin: cubin, log: log, error: nil, symbols: symbols)
    }

    private func symbol(of name: String, in program: UInt) throws(NVRTCError) -> String {
        var lowered: UnsafePointer<CChar>? = nil
        try check(unsafe loweredNameCall(program, name, &lowered), "nvrtcGetLoweredName")
        return unsafe lowered.map { unsafe String(cString: $0) } ?? name
    }

    private func compileStatus(of program: UInt, _ options: [String]) -> Status {
        var characters: [CChar] = []
        var starts: [Int] = []
        for option in options {
            starts.append(characters.count)
            characters += option.utf8CString
        }
        return unsafe characters.withUnsafeBufferPointer { characters in
            let pointers = unsafe starts.map { start in unsafe characters.baseAddress.map { unsafe $0 + start } }
            return unsafe pointers.withUnsafeBufferPointer {
                unsafe compileCall(program, Int32(clamping: starts.count), $0.baseAddress)
            }
        }
    }

    private func bytes(
        _ program: UInt, _ size: SizeCall, _ content: BytesCall, _ call: String
    ) throws(NVRTCError) -> [UInt8] {
        var count = 0
        try check(unsafe size(program, &count), call)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let status = unsafe bytes.withUnsafeMutableBytes { buffer -> Status in
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe content(program, base)
        }
        try check(status, call)
        return bytes
    }

    private func check(_ status: Status, _ call: String) throws(NVRTCError) {
        guard status == 0 else { throw error(status, call) }
    }

    private func error(_ status: Status, _ call: String) -> NVRTCError {
        let name = unsafe errorTextCall(status).map { unsafe String(cString: $0) } ?? "NVRTC error \(status)"
        return NVRTCError(code: status, name: name, call: call)
    }
}

/// A call of NVRTC that failed.
struct NVRTCError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `nvrtcResult`.
    var code: Int32
    /// `NVRTC_ERROR_COMPILATION`, from `nvrtcGetErrorString`.
    var name: String
    var call: String

    static let invalidOptionCode: Int32 = 5
    static let builtinsCode: Int32 = 7

    var description: String { "\(name) (\(call))" }
}
