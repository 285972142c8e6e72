/// What interleaved samples of several configs say about their order: the i-th samples of all were taken one right after
/// another, so that drift (clocks, temperature, other load) hits all alike and cancels in their ratio.
struct SideBySide: Sendable {
    /// Milliseconds, `samples[config][round]`; the same number of rounds for all.
    let samples: [[Double]]

    /// Orders are looked at again and again while samples come in; a stricter interval than the usual 95 % keeps the
    /// chance of being fooled by one of those looks small.
    static let settlingConfidence = 0.99

    /// Indices, fastest median first.
    var order: [Int] {
        let medians = samples.map { MedianInterval.median(of: $0) ?? .infinity }
        return samples.indices.sorted { (medians[$0], $0) < (medians[$1], $1) }
    }

    /// The interval of how many times slower `slower` is than `faster`, over the rounds.
    func ratio(of slower: Int, to faster: Int, confidence: Double = settlingConfidence) -> MedianInterval? {
        MedianInterval(of: zip(samples[slower], samples[faster]).map { $0 / $1 }, confidence: confidence)
    }

    /// Two configs that differ by less than this are tied, however long one measures.
    static let negligibleRatio = 1.005

    /// Whether every neighbour in the order is slower than the one before it, or as good as equal to it, beyond doubt.
    var isSettled: Bool {
        zip(order, order.dropFirst()).allSatisfy { faster, slower in
            guard let ratio = ratio(of: slower, to: faster) else { return false }
            return ratio.coverage >= Self.settlingConfidence && (ratio.low > 1 || ratio.high < Self.negligibleRatio)
        }
    }

    /// The timings in the order of the configs, each with the 95 % interval of its own median.
    ///
    /// Which is faster is known better than either time, since drift cancels in the ratio: a config is tied with the
    /// fastest if the interval of its ratio to it reaches 1, wherever the medians' intervals lie.
    func timings() -> [Timing] {
        guard let fastest = order.first else { return [] }
        return samples.indices.compactMap { index in
            guard var timing = Timing(samplesMs: samples[index], abandoned: false) else { return nil }
            timing.isTiedWithFastest = index == fastest || ratio(of: index, to: fastest).map { $0.low <= 1 } ?? false
            return timing
        }
    }
}

extension Timing {
    /// Timings of separate moments drift by about this share even where each alone is steady: clocks, temperature, power.
    public static let drift = 0.02

    /// Half the 95 % interval over the median: differences below it say nothing.
    public var noiseRatio: Double {
        medianMs > 0 ? (highMs - lowMs) / (2 * medianMs) : 0
    }

    /// The timing that samples say, nil when there are none.
    init?(samplesMs: [Double], abandoned: Bool) {
        guard let interval = MedianInterval(of: samplesMs) else { return nil }
        self.init(
            medianMs: interval.median, lowMs: interval.low, highMs: interval.high, samples: samplesMs.count,
            abandoned: abandoned)
    }
}

extension Evaluation {
    /// How uncertain the time is, as a share of it; nil if there is no time.
    public var noiseRatio: Double? { outcome == .measured ? timing?.noiseRatio : nil }
}
