/// A source with all the headers it reaches, by content: what decides, with the options, what a compiler makes of it.
///
/// NVRTC does not tell which files it opened. So every header that a file names is looked for in every folder where the
/// compiler might look, and each one found counts, with what it names in turn: more than the compiler reads, never less.
/// CUDA's own headers count by path, size and time of change.
struct SourceFiles: Sendable {
    /// The source itself.
    let source: [UInt8]
    /// A line for each file, in an order that depends on the files alone. Nil where the headers cannot be told.
    let fingerprint: [String]?

    /// - Parameters:
    ///   - headers: the folders of CUDA's own headers.
    /// - Throws: when the source cannot be read.
    init(_ program: CUDAProgram, headers: [String]) throws(CUDACompileError) {
        guard let source = FileSystem.bytes(of: program.source) else {
            throw .unusable("the source \(program.source) cannot be read")
        }
        self.source = source
        var search = HeaderSearch(folders: program.includePaths + program.optionFolders, systemFolders: headers)
        search.add(program.source, source)
        for name in program.forcedIncludes {
            search.addFile(name)
            search.add(named: name, by: program.source)
        }
        fingerprint = search.isComputed ? nil : search.lines
    }
}

private struct HeaderSearch {
    let folders: [String]
    let systemFolders: [String]
    private(set) var lines: [String] = []
    private(set) var isComputed = false
    private var seen: Set<String> = []

    init(folders: [String], systemFolders: [String]) {
        self.folders = folders
        self.systemFolders = systemFolders
    }

    mutating func add(_ path: String, _ bytes: [UInt8]) {
        guard seen.insert(path).inserted else { return }
        lines.append("\(path) \(ContentHash(bytes).text)")
        let directives = IncludeDirectives(bytes)
        isComputed = isComputed || directives.isComputed
        for name in directives.names { add(named: name, by: path) }
    }

    /// Every file that `name` may mean in the file `path`.
    mutating func add(named name: String, by path: String) {
        if name.hasPrefix("/") { return addFile(name) }
        for folder in [FileSystem.folder(of: path)] + folders { addFile("\(folder)/\(name)") }
        for folder in systemFolders {
            let header = "\(folder)/\(name)"
            guard seen.insert(header).inserted, let status = FileSystem.status(of: header) else { continue }
            lines.append("\(header) \(status.byteCount) \(status.changedNanoseconds)")
        }
    }

    mutating func addFile(_ path: String) {
        guard !seen.contains(path), FileSystem.isFile(path), let bytes = FileSystem.bytes(of: path) else { return }
        add(path, bytes)
    }
}
