// What of an episode's randomization can be set by hand while the episode goes on.

import Foundation

/// A factor of domain randomization with the value that it has in an episode.
public struct AdjustableFactor: Equatable, Sendable {
  /// Its key in files and flags.
  public let name: String
  /// What the levels of the environment span.
  public let range: ClosedRange<Double>
  /// The value that was drawn, or is set; of several objects, the first one's.
  public let value: Double
  /// The value with its unit, such as `× 1.25` or `0.04 s`.
  public let text: String
  /// Whether equal ways on a scale are equal factors.
  let isLogarithmic: Bool

  /// Where a value stands on the scale: 0 at the range's lower, 1 at its upper end.
  public var share: Double {
    let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
    return min(max((scaled(value) - low) / (high - low), 0), 1)
  }

  /// The value at a place of the scale, 0 to 1, to three digits.
  public func value(atShare share: Double) -> Double {
    let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
    let place = low + min(max(share, 0), 1) * (high - low)
    let value = isLogarithmic ? exp(place) : place
    return min(max(Double(String(format: "%.3g", value))!, range.lowerBound), range.upperBound)
  }

  private func scaled(_ value: Double) -> Double { isLogarithmic ? log(value) : value }
}

extension AdjustableFactor {
  /// - Parameters:
  ///   - levels: of the environment.
  ///   - draws: an episode's record, in which what is nominal is left out.
  /// - Returns: nil for what does not change in the middle of an episode, or differs at none of the levels.
  init?(
    _ factor: RandomizationFactor, at level: RandomizationLevel, among levels: [RandomizationLevel],
    draws: [String: Double], hasCamera: Bool
  ) {
    guard factor.name != "size", factor.canChange(hasCamera: hasCamera) else { return nil }
    let ranges = (levels + [level]).map { $0[factor.name] }
    let low = min(factor.nominal, ranges.map(\.lowerBound).min()!)
    let high = max(factor.nominal, ranges.map(\.upperBound).max()!)
    guard low < high else { return nil }
    name = factor.name
    range = low...high
    let key = (factor.isPerObject ? "object0." : "") + factor.name
    value = factor.isSingleNumber ? level.most(factor.name) : draws[key] ?? factor.nominal
    isLogarithmic = factor.kind == .factor(logarithmic: true) && low > 0
    text = factor.text(value...value)
  }
}

extension RandomizationFactor {
  fileprivate func canChange(hasCamera: Bool) -> Bool {
    if stream == .looks { return hasCamera }
    return switch effect {
    case .robot, .object, .table, .sensors: true
    case .appearance: hasCamera
    case .world: false
    }
  }
}
