public import ConfigSpace

extension KernelSpec {
    /// The spec with the configuration space that the kernel itself tells, as kernel.json would say it:
    /// `{"config_space": […], "constraints": […]}`.
    ///
    /// - Throws: a `SpecError` for a space that is none.
    public func with(space document: Value) throws(SpecError) -> KernelSpec {
        let root = try JSONDocument.parse([UInt8](document.json.utf8), file: "the space of \(kernel.source)").root
        let object = try JSONObject(root, keys: ["config_space", "constraints"])
        let space = try ConfigSpaceReader(arguments: arguments).read(
            object.required("config_space"), constraints: object.optional("constraints"))
        return KernelSpec(
            name: name, path: path, kernel: kernel, arguments: arguments, launch: launch, configSpace: space,
            toldSpace: document, verification: verification, workload: workload, warnings: warnings)
    }
}
