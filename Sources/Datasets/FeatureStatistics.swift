// Running statistics of the features, element by element.

import PlanarCore
import PlanarPolicyInterface

/// Running statistics of each element of every observed feature and of the action, by feature name.
///
/// All axes but the last are pooled: an object token's numbers over tokens, an action's over the steps of a chunk, a
/// picture's channels over its pixels.
public struct FeatureStatistics: Equatable, Sendable {
  /// Of `float32` features, `[elements]` each.
  private var numbers: [String: [RunningStatistics]] = [:]
  /// Of `uint8` features, `[elements]` each.
  private var histograms: [String: [ByteHistogram]] = [:]
  private let action: String

  /// Statistics of no values, for these features.
  public init(_ features: FeatureSet) {
    action = features.action.name
    for feature in features.observations + [features.action] {
      let count = feature.shape.last ?? 0
      switch feature.dtype {
      case .float32: numbers[feature.name] = Array(repeating: RunningStatistics(), count: count)
      case .uint8: histograms[feature.name] = Array(repeating: ByteHistogram(), count: count)
      }
    }
  }

  /// `[elements]` of a `float32` feature, the action's among them; nil for others.
  public subscript(name: String) -> [RunningStatistics]? { numbers[name] }

  /// `[elements]` of a `uint8` feature; nil for others.
  public func histograms(_ name: String) -> [ByteHistogram]? { histograms[name] }

  /// Does nothing where the features do not have this one.
  ///
  /// - Parameter values: `[…, elements]`
  public mutating func add(_ name: String, _ values: some Collection<Float>) {
    // In place: a dictionary's value would be copied.
    guard let index = numbers.index(forKey: name) else { return }
    Self.add(values, to: &numbers.values[index])
  }

  /// Does nothing where the features do not have this one.
  ///
  /// - Parameter values: `[…, elements]`
  public mutating func add(_ name: String, _ values: [UInt8]) {
    guard let index = histograms.index(forKey: name) else { return }
    let channels = histograms.values[index].count
    for channel in 0..<channels {
      histograms.values[index][channel].add(values, from: channel, stride: channels)
    }
  }

  /// - Parameter values: `[…, action]`
  public mutating func add(actions values: some Collection<Float>) { add(action, values) }

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
      features: numbers.mapValues { ElementStatistics($0) }.merging(
        histograms.mapValues { ElementStatistics($0) }
      ) { own, _ in own })
  }
}

extension FeatureStatistics {
  /// Adds every frame of an episode, with its executed action.
  public mutating func add(_ episode: Episode) {
    for (observation, action) in zip(episode.observations, episode.actions) {
      add(observation)
      add(actions: action)
    }
  }

  /// Adds every array of an observation that the features have.
  public mutating func add(_ observation: Observation) {
    for field in observation.layout.fields {
      switch field.dtype {
      case .float32: add(field.name, observation.floats[field.range])
      case .uint8: add(field.name, observation.bytes(field.name))
      }
    }
  }
}
