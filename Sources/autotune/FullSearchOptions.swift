internal import ArgumentParser
internal import Search
internal import Tuning

/// The knobs of the searches that ask no model; what is not given goes by the effort.
struct FullSearchOptions: ParsableArguments {
    enum Effort: String, ExpressibleByArgument, CaseIterable {
        case quick, full
    }

    @Option(
        help: ArgumentHelp(
            "How much lfbo does without a budget.",
            discussion:
                "quick: --initial 15 --generations 2, 15 configs in each. full: --initial 100 --generations 20, 50 configs "
                + "in each, ended early by --patience 5."))
    var effort = Effort.quick

    @Option(help: ArgumentHelp("Random configs before bayes (default: 6) or lfbo learns from any.", valueName: "n"))
    var initial: Int?

    @Option(
        help: ArgumentHelp("Generations of lfbo after the initial configs, each --configs-per-round.", valueName: "n"))
    var generations: Int?

    @Option(
        help: ArgumentHelp(
            "End hybrid's search, lfbo or bayes after so many rounds without a gain.",
            discussion:
                "Default: of hybrid without a budget \(TuningOptions.defaultPatience); of the others 5 with --effort full, else never.",
            valueName: "rounds"))
    var patience: Int?

    @Option(help: ArgumentHelp("The fastest configs around which lfbo searches. Default: 5.", valueName: "n"))
    var paths: Int?

    @Option(help: ArgumentHelp("Trees of the forest. Default: 100 for lfbo, 30 for bayes.", valueName: "n"))
    var trees: Int?

    @Option(
        help: ArgumentHelp(
            "The share of the measured configs that lfbo takes for good ones. Default: 0.15.", valueName: "share"))
    var goodShare: Double?

    @Option(
        help: ArgumentHelp(
            "How much of its value a candidate of lfbo loses beside one that its forest cannot tell from it. Default: 0.5.",
            valueName: "share"))
    var diversityPenalty: Double?

    @Option(
        help: ArgumentHelp(
            "Configs that bayes, ils, annealing, genetic and de propose before they are told of any.",
            discussion:
                "Default: 1 from a recording; else 5, which are compiled side by side. bayes proposes two at least from 200 "
                + "results on, three from 400 on.", valueName: "n"))
    var batch: Int?

    @Option(
        help: ArgumentHelp(
            "The share of proposals where nobody has looked. Default: 0.05 for bayes, 0.1 for lfbo.", valueName: "share"
        ))
    var explore: Double?

    @Option(
        help: ArgumentHelp(
            "The share of bayes's proposals that is one step from one of the two fastest. Default: 0.25 in hybrid, else 0.",
            valueName: "share"))
    var poll: Double?

    static let fullPatience = 5
    /// Beside a model, whose results make a plateau that draws surrogates away from a single better config.
    private static let hybridPoll = 0.25

    func check() throws {
        let counts = [
            ("--initial", initial), ("--generations", generations), ("--patience", patience), ("--paths", paths),
            ("--trees", trees), ("--batch", batch),
        ]
        for (name, count) in counts {
            if let count, !(1...100_000).contains(count) {
                throw ValidationError("\(name) must be between 1 and 100000")
            }
        }
        let shares = [
            ("--good-share", goodShare), ("--diversity-penalty", diversityPenalty), ("--explore", explore),
            ("--poll", poll),
        ]
        for (name, share) in shares {
            if let share, !(0...1).contains(share) { throw ValidationError("\(name) must be between 0 and 1") }
        }
    }

    var lfbo: LFBOStrategy.Options {
        var options = LFBOStrategy.Options()
        options.initial = initial ?? (effort == .full ? 100 : options.initial)
        if let paths { options.paths = paths }
        if let trees { options.trees = trees }
        if let goodShare { options.goodShare = goodShare }
        if let diversityPenalty { options.diversityPenalty = diversityPenalty }
        if let explore { options.randomShare = explore }
        options.stopsWhenStalled = roundsOfPatience != nil
        return options
    }

    func bayes(batch: Int, besideModel: Bool) -> BayesianStrategy.Options {
        var options = BayesianStrategy.Options()
        if let initial { options.initial = initial }
        if let trees { options.trees = trees }
        if let explore { options.explore = explore }
        options.poll = poll ?? (besideModel ? Self.hybridPoll : options.poll)
        options.batch = batch
        return options
    }

    var roundsOfPatience: Int? { patience ?? (effort == .full ? Self.fullPatience : nil) }

    /// The size of a round, where --configs-per-round does not say.
    var configsPerRound: Int { effort == .full ? 50 : TuningOptions.defaultConfigsPerRound }

    /// The rounds that the initial configs and the generations take.
    func rounds(of size: Int) -> Int {
        (lfbo.initial + size - 1) / size + (generations ?? (effort == .full ? 20 : 2))
    }
}
