internal import Foundation
public import Tuning

/// The best so far of each side of a comparison over what it cost, as an SVG document.
///
/// Steps are the medians over the seeds, bands reach from the least to the greatest. Colours follow the reader's light or
/// dark scheme, and each side has its own dashes too.
public struct ConvergencePlot {
    private let comparison: Comparison
    private let cost: Curve.Cost
    private let sides: [Side]
    private let horizontal: PlotAxis
    private let vertical: PlotAxis

    private static let size = (width: 760.0, height: 440.0)
    private static let area = (left: 78.0, right: 560.0, top: 48.0, bottom: 384.0)
    /// The palette of Okabe and Ito, which is told apart with any colour vision; lighter where the ground is dark.
    private static let colours: [(light: String, dark: String)] = [
        ("#0072b2", "#56b4e9"), ("#d55e00", "#f0894a"), ("#007f5c", "#2fc79b"), ("#a8477f", "#e59cc6"),
        ("#8a6d00", "#e6b800"), ("#555555", "#b5b5b5"),
    ]
    private static let dashes = ["none", "8 4", "3 3", "12 3 3 3"]

    private struct Side {
        var name: String
        /// From each place on until the next.
        var steps: [(cost: Double, best: Spread)]
    }

    /// - Parameter cost: what the horizontal axis counts, on a logarithmic scale.
    /// - Returns: nil where no side tells what its best cost.
    public init?(_ comparison: Comparison, over cost: Curve.Cost) {
        self.comparison = comparison
        self.cost = cost
        sides = comparison.curves.map { Side(name: $0.name, steps: Self.steps($0, cost)) }
        let steps = sides.flatMap(\.steps)
        guard !steps.isEmpty else { return nil }
        let times = steps.flatMap { [$0.best.least, $0.best.greatest] }
        let isWide = (times.max() ?? 1) > 4 * (times.min() ?? 1)
        horizontal = PlotAxis(
            steps.map(\.cost), isLogarithmic: true, from: Self.area.left, to: Self.area.right)
        vertical = PlotAxis(
            times, isLogarithmic: isWide, margin: 0.05, from: Self.area.bottom, to: Self.area.top)
    }

    /// Where some seed's best changes, from where all have one until the last of them ends.
    private static func steps(_ curve: Curve, _ cost: Curve.Cost) -> [(cost: Double, best: Spread)] {
        let costs = curve.runs.flatMap { $0.points.compactMap { $0.cost(cost) } }.filter { $0 > 0 }
        return Set(costs).sorted().compactMap { place in
            let bests = curve.runs.map { $0.bestOrEnd(cost, atMost: place) }
            guard !bests.contains(nil), let spread = Spread(bests.compactMap { $0 }) else { return nil }
            return (place, spread)
        }
    }

    public var svg: String {
        let title = "\(comparison.name) on \(comparison.device)"
        let lines =
            [
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.size.width)) \(Int(Self.size.height))\" "
                    + "role=\"img\" aria-labelledby=\"title\">",
                "<title id=\"title\">\(escaped(title)): best time over \(cost.rawValue)</title>", style,
                "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>",
                text(Self.area.left, 26, escaped(title), class: "heading"),
            ] + axes + sides.indices.flatMap(band) + sides.indices.flatMap(line) + legend + ["</svg>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private var style: String {
        func rules(_ ground: String, _ ink: String, _ grid: String, _ colours: [String]) -> String {
            ".ground{fill:\(ground)}text{fill:\(ink)}.grid{stroke:\(grid)}.axis{stroke:\(ink)}"
                + colours.enumerated().map { ".side\($0){stroke:\($1)}.band\($0){fill:\($1)}" }.joined()
        }
        let light = rules("#ffffff", "#222222", "#e2e2e2", Self.colours.map(\.light))
        let dark = rules("#16181d", "#e6e6e6", "#383c44", Self.colours.map(\.dark))
        return
            "<style>text{font:12px sans-serif}.heading{font-size:14px;font-weight:bold}path{fill:none;stroke-width:2}"
            + "polygon{fill-opacity:.18}\(light)@media (prefers-color-scheme:dark){\(dark)}</style>"
    }

    private var axes: [String] {
        let area = Self.area
        var lines: [String] = []
        for tick in horizontal.ticks {
            let x = number(horizontal.place(tick))
            lines.append("<path class=\"grid\" style=\"stroke-width:1\" d=\"M\(x) \(area.top)V\(area.bottom)\"/>")
            lines.append(text(horizontal.place(tick), area.bottom + 18, label(tick), anchor: "middle"))
        }
        for tick in vertical.ticks {
            let y = vertical.place(tick)
            lines.append(
                "<path class=\"grid\" style=\"stroke-width:1\" d=\"M\(area.left) \(number(y))H\(area.right)\"/>")
            lines.append(text(area.left - 8, y + 4, label(tick), anchor: "end"))
        }
        lines.append(
            "<path class=\"axis\" style=\"stroke-width:1\" d=\"M\(area.left) \(area.top)V\(area.bottom)H\(area.right)\"/>"
        )
        let what = cost == .seconds ? "seconds of the search, without waiting for a model" : "evaluations"
        lines.append(text((area.left + area.right) / 2, area.bottom + 40, what, anchor: "middle"))
        let middle = number((area.top + area.bottom) / 2)
        lines.append(
            "<text transform=\"translate(18 \(middle)) rotate(-90)\" text-anchor=\"middle\">best so far, ms</text>")
        return lines
    }

    private func band(_ side: Int) -> [String] {
        let steps = sides[side].steps
        guard steps.contains(where: { $0.best.least < $0.best.greatest }) else { return [] }
        let upper = corners(steps.map { ($0.cost, $0.best.greatest) })
        let lower = corners(steps.map { ($0.cost, $0.best.least) })
        let points = (upper + lower.reversed()).map { "\(number($0.x)),\(number($0.y))" }
        return ["<polygon class=\"band\(colour(side))\" points=\"\(points.joined(separator: " "))\"/>"]
    }

    private func line(_ side: Int) -> [String] {
        let corners = corners(sides[side].steps.map { ($0.cost, $0.best.median) })
        guard let last = corners.last else { return [] }
        let path = corners.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L")
        return [
            "<path class=\"side\(colour(side))\" stroke-dasharray=\"\(dash(side))\" d=\"M\(path)\"/>",
            "<circle class=\"side\(colour(side)) band\(colour(side))\" cx=\"\(number(last.x))\" cy=\"\(number(last.y))\" "
                + "r=\"3.5\"/>",
        ]
    }

    /// A step keeps its value until the next begins.
    private func corners(_ steps: [(cost: Double, best: Double)]) -> [(x: Double, y: Double)] {
        var corners: [(x: Double, y: Double)] = []
        for step in steps {
            let (x, y) = (horizontal.place(step.cost), vertical.place(step.best))
            if let last = corners.last { corners.append((x, last.y)) }
            corners.append((x, y))
        }
        return corners
    }

    private var legend: [String] {
        sides.indices.flatMap { side in
            let y = Self.area.top + 8 + 22 * Double(side)
            let x = Self.area.right + 18
            let told = sides[side].steps.isEmpty ? " (not told)" : ""
            return [
                "<path class=\"side\(colour(side))\" stroke-dasharray=\"\(dash(side))\" d=\"M\(x) \(y)h26\"/>",
                text(x + 34, y + 4, escaped(Text.line(sides[side].name + told, width: 22))),
            ]
        }
    }

    private func colour(_ side: Int) -> Int { side % Self.colours.count }
    private func dash(_ side: Int) -> String { Self.dashes[side % Self.dashes.count] }

    private func text(_ x: Double, _ y: Double, _ text: String, anchor: String = "start", class name: String = "")
        -> String
    {
        let style = name.isEmpty ? "" : " class=\"\(name)\""
        return "<text\(style) x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(text)</text>"
    }

    private func number(_ value: Double) -> String { String(format: "%.1f", value) }
    private func label(_ value: Double) -> String { String(format: "%.4g", value) }

    private func escaped(_ text: String) -> String {
        Text.printable(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
