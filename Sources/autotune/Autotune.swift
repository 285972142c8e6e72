internal import ArgumentParser

/// The program: `autotune kernel.json` tunes; the other commands look before, or after.
@main
struct Autotune: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "autotune",
        abstract:
            "Finds the fastest configuration of a kernel by asking a language model and measuring what it proposes.",
        discussion: """
            autotune kernel.json --rounds 3         tunes; `autotune tune --help` lists the options
            autotune compare kernel.json --baseline lfbo    compares with another search, side by side
            autotune check kernel.json              says what the file describes, and whether it is sound
            autotune prompt kernel.json             prints what the model would be sent
            autotune devices                        says which devices kernels can run on here
            autotune models                         says which models are configured, and which would be asked
            autotune doctor                         tries what a run needs, and says what to do for what is missing
            """,
        version: version,
        subcommands: [
            TuneCommand.self, CompareCommand.self, CheckCommand.self, PromptCommand.self, DevicesCommand.self,
            ModelsCommand.self, DoctorCommand.self, WorkerCommand.self,
        ],
        defaultSubcommand: TuneCommand.self)
}
