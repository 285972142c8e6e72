/// The templates the prompts are rendered from, as they ship inside the program.
public enum Prompts {
    public static var system: String { String(decoding: PackageResources.system_mustache, as: UTF8.self) }
}
