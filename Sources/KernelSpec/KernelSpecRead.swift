extension KernelSpec {
    /// Reads a kernel.json or a T1 file; which of them it is, its content tells.
    ///
    /// In a T1 file contradictions become `warnings`; in a kernel.json each is an error.
    ///
    /// - Parameter path: of the file, absolute or from the current folder; errors name the file this way.
    /// - Throws: a `SpecError` with line, column and JSON path for the first fault found.
    public static func read(from path: String) throws(SpecError) -> KernelSpec {
        let bytes = [UInt8](try InputFile.read(path))
        let root = try JSONDocument.parse(bytes, file: path).root
        let place = SpecPlace(path: InputFile.absolute(path))
        if root.member("ConfigurationSpace") != nil {
            return try T1Reader(place: place).read(root)
        }
        if root.member("config_space") == nil, root.member("results") != nil || root.member("cache") != nil {
            throw root.error(
                "holds recorded results, not a kernel", help: "give the kernel.json or T1 file they were made from")
        }
        return try KernelFileReader(place: place).read(root)
    }
}

/// Where a spec file lies; the paths in it are taken from there.
struct SpecPlace {
    /// Absolute.
    let path: String

    var folder: String { InputFile.folder(of: path) }

    func resolve(_ path: String) -> String { InputFile.resolve(path, in: folder) }
}
