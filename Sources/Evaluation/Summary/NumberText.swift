// Numbers as people read them.

import Foundation

/// A number with so many digits after the point.
public func fixed(_ value: Double, _ digits: Int) -> String {
  String(format: "%.\(digits)f", value)
}

/// A share as a percentage with one digit: `83.0 %`.
public func percent(_ share: Double) -> String {
  let text = fixed(100 * share, 1)
  return (share < 1 && text == "100.0" ? "99.9" : text) + " %"
}

/// How many of some, in whole percent: `100` is all of them, and only all of them.
public func wholePercent(_ count: Int, of total: Int) -> String {
  guard total > 0 else { return "0 %" }
  let rounded = Int((100 * Double(count) / Double(total)).rounded())
  return "\(count < total ? min(99, rounded) : 100) %"
}

/// A success rate with its interval: `83.0 % [77.2, 87.6]`.
public func rateText(_ proportion: Proportion) -> String {
  let interval = proportion.interval
  return
    "\(percent(proportion.rate)) [\(fixed(100 * interval.lowerBound, 1)), \(fixed(100 * interval.upperBound, 1))]"
}
