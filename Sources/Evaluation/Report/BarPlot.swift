// Grouped bars as inline SVG.

/// Bars in groups: one group per category, one bar in it per series.
public struct BarPlot: Sendable {
  /// One bar, with what is uncertain about its height.
  public struct Bar: Sendable {
    /// The bar's height.
    public var value: Double
    /// The lower bound of its interval; nil where there is none.
    public var low: Double?
    /// The upper bound of its interval; nil where there is none.
    public var high: Double?

    /// A bar, with an interval where both bounds are given.
    public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
      self.value = value
      self.low = low
      self.high = high
    }

    /// A success rate with its exact interval.
    public init(_ proportion: Proportion) {
      self.init(
        proportion.rate, low: proportion.interval.lowerBound, high: proportion.interval.upperBound)
    }
  }

  /// Bars of one colour, with an entry in the legend.
  public struct Series: Sendable {
    /// Its entry in the legend.
    public var name: String
    /// One per category; nil leaves a gap.
    public var bars: [Bar?]

    /// A series; `bars` has one entry per category.
    public init(_ name: String, _ bars: [Bar?]) {
      self.name = name
      self.bars = bars
    }
  }

  /// The line above the plot.
  public var title: String
  /// The groups' labels, left to right.
  public var categories: [String]
  /// The vertical axis.
  public var y: PlotAxis
  /// The bars, in the order in which they stand in a group.
  public var series: [Series]

  /// - Parameter y: a linear axis; its range begins at 0 unless it says otherwise.
  public init(_ title: String, categories: [String], y: PlotAxis, series: [Series]) {
    self.title = title
    self.categories = categories
    self.y = y
    self.series = series
  }

  /// The drawing; bars that are not finite are left out.
  public var svg: String {
    let bars: [Bar] = series.map { $0.bars.compactMap { $0 } }.joined().filter { $0.value.isFinite }
    let heights: [Double] = [0] + bars.flatMap { [$0.value, $0.low ?? $0.value, $0.high ?? $0.value] }
    var frame = PlotFrame(
      title: title, names: series.map(\.name), swatch: .bar, x: PlotAxis(""), y: y,
      xRange: 0...Double(max(1, categories.count)), yRange: y.range(of: heights))
    let slot = 0.8 / Double(max(1, series.count))
    for (i, series) in series.enumerated() {
      for (category, bar) in series.bars.enumerated() {
        guard let bar, bar.value.isFinite else { continue }
        let left = frame.px(Double(category) + 0.1 + slot * (Double(i) + 0.06))
        let right = frame.px(Double(category) + 0.1 + slot * (Double(i) + 0.94))
        let (top, foot) = (frame.clampedY(bar.value), frame.clampedY(0))
        frame.canvas.rectangle(
          left, min(top, foot), right - left, abs(foot - top), style: "fill=\"\(color(i))\"")
        if let low = bar.low, let high = bar.high {
          frame.drawWhisker(
            x: (left + right) / 2, low: low, high: high,
            style: "stroke=\"currentColor\" stroke-width=\"1.5\"")
        }
      }
    }
    let width = frame.px(1) - frame.px(0) - 6
    let names = categories.map { Self.wrapped($0, to: width) }
    frame.canvas.height += Self.lineHeight * Double(max(0, (names.map(\.count).max() ?? 1) - 2))
    for (category, lines) in names.enumerated() {
      for (line, text) in lines.enumerated() {
        frame.canvas.text(
          text, frame.px(Double(category) + 0.5), frame.bottom + 18 + Self.lineHeight * Double(line), anchor: .middle,
          size: Self.labelSize)
      }
    }
    return frame.canvas.svg(title: title)
  }

  private static let (labelSize, lineHeight) = (12.0, 14.0)

  /// A label's words in lines that fit under its bars; a word that does not fit has a line of its own.
  private static func wrapped(_ label: String, to width: Double) -> [String] {
    var lines: [String] = []
    for word in label.split(separator: " ") {
      if let last = lines.last, textWidth("\(last) \(word)", size: labelSize) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
