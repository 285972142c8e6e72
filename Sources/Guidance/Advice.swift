internal import Foundation
internal import Measurement
internal import Search

/// What the next round should try, by what the last ones showed.
///
/// One plan is chosen, and the other bullets only add to it, so that the advice never contradicts itself.
struct Advice {
    enum Plan {
        /// Too many proposals of the last round failed to trust the next bold one.
        case retreat
        /// The anchors gave no more: look elsewhere.
        case explore
        case refine
        /// No round comes after this one.
        case finish
    }

    let bullets: [String]

    init(_ target: PromptTarget, history: History, round: Int) {
        let entries = history.entries.filter { $0.round == round - 1 && $0.origin == .model }
        let failures = entries.filter { $0.evaluation.outcome.isFailure }
        let plan = Self.plan(target, history: history, round: round, failures: failures.count, of: entries.count)
        var bullets = Self.bullets(plan, count: target.configsPerRound)
        bullets += Self.warnings(Set(failures.map(\.evaluation.outcome)))
        if !(history.rejections[round - 1] ?? []).isEmpty {
            bullets.append(
                "A rejected proposal is a measurement lost: check each configuration against the constraints and against the results above."
            )
        }
        if let share = history.best?.evaluation.resources?.shareOfLimit, share > 0.9 {
            bullets.append(
                "The best is near the device's limit: expect small gains, and only from configurations that save traffic or overhead."
            )
        }
        bullets.append(
            "Keep configurations sparse: change what has a reason to be changed, and one or two things at a time near an anchor."
        )
        self.bullets = bullets
    }

    private static func plan(
        _ target: PromptTarget, history: History, round: Int, failures: Int, of count: Int
    ) -> Plan {
        if count > 0, failures * 3 >= count { return .retreat }
        if round == target.rounds - 1 { return .finish }
        let before = history.entries.filter { $0.round < round - 1 }.compactMap(\.timeMs).min()
        if let before, let best = history.best?.timeMs, best > before * (1 - History.smallestGain) { return .explore }
        return .refine
    }

    private static func bullets(_ plan: Plan, count: Int) -> [String] {
        let third = max(1, count / 3)
        let fifth = max(1, count / 5)
        switch plan {
        case .retreat:
            return [
                "A third or more of your last proposals failed. Read the reasons under Failures and keep clear of what they name.",
                "About two thirds of the configurations: one or two changes to an anchor, within what is known to work.",
                "At least \(fifth): values under \"never tried\" on top of an anchor, one at a time.",
            ]
        case .explore:
            return [
                "The last round brought no real gain, so the surroundings of the anchors are nearly used up.",
                "At least \(third * 2) configurations away from both anchors: families with few results, values under \"never tried\", combinations that no result has, with tile sizes chosen anew for them.",
                "The rest: combine the values with the best times that have not been combined yet.",
            ]
        case .refine:
            return [
                "About half of the configurations: one or two changes to anchor 1, each with an effect you can name.",
                "About a fifth: the best values of different results combined, or changes to anchor 2.",
                "At least \(third) away from both anchors: values under \"never tried\", and families with few results. A family is not settled by one slow member.",
            ]
        case .finish:
            return [
                "This is the last round: there is nothing to learn for later, only a faster configuration to find.",
                "About two thirds of the configurations: the most promising single changes and combinations around both anchors that were not measured yet.",
                "At least \(fifth): the untried value or family that you think most likely to beat the best.",
            ]
        }
    }

    private static func warnings(_ outcomes: Set<Outcome>) -> [String] {
        var bullets: [String] = []
        if outcomes.contains(.compileTimeout) {
            bullets.append("Compiling took too long for some: smaller tiles or less unrolling compile faster.")
        }
        if outcomes.contains(.launchError) {
            bullets.append(
                "Some could not be launched: count their threads, registers and shared memory against the device's limits."
            )
        }
        if outcomes.contains(.wrongResult) {
            bullets.append(
                "Some computed a wrong result: the values that these have and the right ones have not are not safe for this kernel."
            )
        }
        if outcomes.contains(.runTimeout) {
            bullets.append("Some ran past the time limit: they are far slower than the best or never end.")
        }
        return bullets
    }
}
