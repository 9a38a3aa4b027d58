// The scale of an axis: its range, and ticks at numbers people count in.

import Foundation

/// One axis of a plot.
public struct PlotAxis: Sendable {
  /// How values are spaced.
  public enum Scale: Sendable {
    /// Equal steps are equally long.
    case linear
    /// Decimal logarithm; values of 0 or less are left out of the plot.
    case logarithmic
  }

  /// What the axis measures, with its unit.
  public var label: String
  /// How values are spaced.
  public var scale: Scale
  /// What is shown; nil for the range of the data.
  public var range: ClosedRange<Double>?
  /// Tick labels are percentages of values in 0 … 1.
  public var isPercentage: Bool

  /// An axis; by default linear, over the range of the data.
  public init(
    _ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    isPercentage: Bool = false
  ) {
    self.label = label
    self.scale = scale
    self.range = range
    self.isPercentage = isPercentage
  }

  /// Whether a value can be shown on the axis.
  func shows(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }

  /// The range for some data: the axis's own, or the data's with a little room, never empty.
  func range(of values: [Double]) -> ClosedRange<Double> {
    if let range, range.lowerBound < range.upperBound, shows(range.lowerBound) { return range }
    let shown = values.filter(shows)
    guard let low = shown.min(), let high = shown.max() else {
      return scale == .linear ? 0...1 : 1...10
    }
    switch scale {
    case .linear:
      let room = high > low ? 0.04 * (high - low) : max(0.5 * abs(high), 0.5)
      // Data that begin at zero or above keep zero as their floor where they come near it.
      let floor = low >= 0 && low <= 0.3 * high ? 0 : low - room
      return floor...(high + room)
    case .logarithmic:
      let room = high > low ? pow(high / low, 0.04) : 2
      return (low / room)...(high * room)
    }
  }

  /// Ticks inside a range, ascending.
  func ticks(in range: ClosedRange<Double>) -> [(value: Double, label: String)] {
    let values = scale == .linear ? linearTicks(range) : logarithmicTicks(range)
    return values.map { ($0, label(of: $0, in: range)) }
  }

  private func label(of value: Double, in range: ClosedRange<Double>) -> String {
    if isPercentage { return shortNumber(100 * value) + " %" }
    return shortNumber(value)
  }
}

/// About five ticks at multiples of 1, 2 or 5 times a power of ten.
private func linearTicks(_ range: ClosedRange<Double>) -> [Double] {
  let span = range.upperBound - range.lowerBound
  let rough = span / 5
  let power = pow(10, log10(rough).rounded(.down))
  let step = power * (rough < 1.5 * power ? 1 : rough < 3.5 * power ? 2 : rough < 7.5 * power ? 5 : 10)
  let first = (range.lowerBound / step - 1e-9).rounded(.up)
  let last = (range.upperBound / step + 1e-9).rounded(.down)
  guard last >= first, last - first < 100 else { return [] }
  return stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
}

/// Powers of ten, with their 2 and 5 where the range is short.
private func logarithmicTicks(_ range: ClosedRange<Double>) -> [Double] {
  let first = Int(log10(range.lowerBound).rounded(.down))
  let last = Int(log10(range.upperBound).rounded(.up))
  let decades = log10(range.upperBound / range.lowerBound)
  let factors: [Double] = decades < 2.5 ? [1, 2, 5] : [1]
  let skip = max(1, Int((decades / 8).rounded(.up)))
  // A tick at the very end of the range must not be lost to rounding.
  let shown: ClosedRange<Double> = range.lowerBound * (1 - 1e-9)...range.upperBound * (1 + 1e-9)
  var ticks: [Double] = []
  for decade in stride(from: first, through: last, by: skip) {
    ticks += factors.map { $0 * pow(10, Double(decade)) }.filter(shown.contains)
  }
  return ticks
}

/// Up to four significant digits, without trailing zeros; below 0.0001 and from a million on as `2e-5`.
func shortNumber(_ value: Double) -> String {
  guard value != 0 else { return "0" }
  let magnitude = Int(log10(abs(value)).rounded(.down))
  guard -4..<6 ~= magnitude else {
    return String(format: "%.4g", value).replacingOccurrences(of: "e-0", with: "e-")
      .replacingOccurrences(of: "e+", with: "e").replacingOccurrences(of: "e0", with: "e")
  }
  var text = fixed(value, max(0, 3 - magnitude))
  if text.contains(".") {
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
  }
  return text
}
