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
    private let model: ModelOptionGroup
    private let prices: PriceTable

    /// A wrong key or folder of templates should not wait for a device to show.
    init(_ target: TargetOptions, _ search: SearchOptions, _ model: ModelOptionGroup, language: Language) throws {
        self.target = target
        self.search = search
        languageModel = try search.strategy.asksModel ? model.make() : nil
        self.model = model
        prices = try model.cost.table(for: model.givenName)
        templates = try PromptTemplates(language: language, folder: model.prompts)
    }

    func run(_ evaluator: any Evaluator, _ session: Session, observer: any TuningObserver) -> TuningRun {
        var options = search.tuningOptions
        options.early = model.early
        model.cost.apply(to: &options)
        let prompts = PromptTarget(
            spec: evaluator.spec, device: evaluator.device, source: target.source(of: evaluator.spec),
            configsPerRound: options.configsPerRound,
            rounds: search.rounds ?? options.rounds ?? TuningOptions.defaultRounds,
            compileLimitSeconds: target.compileLimit ?? EvaluatorOptions.defaultCompileLimitSeconds,
            seeds: evaluator.seeds)
        return TuningRun(
            spec: evaluator.spec, evaluator: evaluator,
            strategy: search.makeStrategy(
                languageModel.map { asking($0, of: prompts, in: session) }, rounds: prompts.rounds,
                isRecorded: target.recorded != nil),
            options: options, session: session, observer: observer, modelName: languageModel?.name,
            seeds: evaluator.seeds)
    }

    private func asking(_ languageModel: any LanguageModel, of target: PromptTarget, in session: Session) -> LLMStrategy
    {
        let prices = prices
        return LLMStrategy(
            model: languageModel, templates: templates, target: target, conversation: session,
            price: { prices.cost(of: $0, model: $1) })
    }

    func record(of spec: KernelSpec, device: DeviceDescription) -> SessionRecord {
        SessionRecord(
            program: "autotune \(Autotune.version)", name: spec.name, spec: spec.path, specHash: target.hash(of: spec),
            device: device.name, strategy: search.strategy.rawValue, model: languageModel?.name, seed: search.seed)
    }
}
