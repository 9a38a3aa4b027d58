// Running statistics of the three features, element by element.

import PlanarCore
import PolicyInterface

/// Running statistics of each element of proprioception, of an object token (pooled over tokens), and of
/// an action (pooled over the steps of a chunk).
public struct FeatureStatistics: Equatable, Sendable {
  /// `[proprioception]`
  public private(set) var proprioception: [RunningStatistics]
  /// `[features]`
  public private(set) var objects: [RunningStatistics]
  /// `[action]`
  public private(set) var action: [RunningStatistics]

  public init(_ features: FeatureSet) {
    proprioception = Array(repeating: RunningStatistics(), count: features.proprioception.count)
    objects = Array(repeating: RunningStatistics(), count: features.objectFeatureCount)
    action = Array(repeating: RunningStatistics(), count: features.action.count)
  }

  /// - Parameter values: `[…, proprioception]`
  public mutating func add(proprioception values: some Collection<Float>) {
    Self.add(values, to: &proprioception)
  }

  /// - Parameter values: `[…, objects, features]`
  public mutating func add(objects values: some Collection<Float>) { Self.add(values, to: &objects) }

  /// - Parameter values: `[…, action]`
  public mutating func add(actions values: some Collection<Float>) { Self.add(values, to: &action) }

  private static func add(
    _ values: some Collection<Float>, to elements: inout [RunningStatistics]
  ) {
    var element = 0
    for value in values {
      elements[element].add(Double(value))
      element = element + 1 == elements.count ? 0 : element + 1
    }
  }

  /// The plain form of `stats.json`.
  public var summary: DatasetStatistics {
    DatasetStatistics(
      proprioception: ElementStatistics(proprioception), objects: ElementStatistics(objects),
      action: ElementStatistics(action))
  }
}
