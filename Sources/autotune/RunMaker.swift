internal import Foundation
internal import Guidance
internal import KernelSpec
internal import LanguageModel
internal import Measurement
internal import Tuning

/// What a run is made of, from the options that all commands which tune share.
struct RunMaker {
    let target: TargetOptions
    let search: SearchOptions
    let languageModel: (any LanguageModel)?
    let templates: PromptTemplates

    /// A wrong key or folder of templates should not wait for a device to show.
    init(_ target: TargetOptions, _ search: SearchOptions, _ model: ModelOptionGroup, language: Language) throws {
        self.target = target
        self.search = search
        languageModel = try search.strategy.asksModel ? model.make() : nil
        templates = try PromptTemplates(language: language, folder: model.prompts)
    }

    func run(_ evaluator: any Evaluator, _ session: Session, observer: any TuningObserver) -> TuningRun {
        let options = search.tuningOptions
        let prompts = PromptTarget(
            spec: evaluator.spec, device: evaluator.device, source: target.source(of: evaluator.spec),
            configsPerRound: options.configsPerRound,
            rounds: search.rounds ?? options.rounds ?? TuningOptions.defaultRounds,
            compileLimitSeconds: target.compileLimit, seeds: evaluator.seeds)
        return TuningRun(
            spec: evaluator.spec, evaluator: evaluator,
            strategy: search.makeStrategy(
                languageModel, templates: templates, target: prompts, session: session,
                isRecorded: target.recorded != nil),
            options: options, session: session, observer: observer, modelName: languageModel?.name,
            seeds: evaluator.seeds)
    }

    func record(of spec: KernelSpec, device: DeviceDescription) -> SessionRecord {
        SessionRecord(
            program: "autotune \(Autotune.version)", name: spec.name, spec: spec.path, specHash: target.hash(of: spec),
            device: device.name, strategy: search.strategy.rawValue, model: languageModel?.name, seed: search.seed)
    }
}
