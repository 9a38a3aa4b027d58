// What stats.json says: mean, spread and range of every number of every feature.

import PlanarCore
import PlanarPolicyInterface

/// Mean, spread and range of each number of a feature, over all frames.
public struct ElementStatistics: Codable, Equatable, Sendable {
  /// The mean of each element.
  public var mean: [Double]
  /// Standard deviation with divisor `count`.
  public var std: [Double]
  /// The least value of each element.
  public var min: [Double]
  /// The greatest value of each element.
  public var max: [Double]
  /// Values seen per element.
  public var count: Int

  /// The figures of statistics that were collected element by element.
  public init(_ elements: [RunningStatistics]) {
    mean = elements.map(\.mean)
    std = elements.map(\.standardDeviation)
    // Nothing seen has no range, and JSON has no infinity.
    min = elements.map { $0.count > 0 ? $0.minimum : 0 }
    max = elements.map { $0.count > 0 ? $0.maximum : 0 }
    count = elements.first?.count ?? 0
  }

  /// - Parameter channels: one histogram per channel of pictures.
  public init(_ channels: [ByteHistogram]) {
    mean = channels.map(\.mean)
    std = channels.map(\.standardDeviation)
    min = channels.map { Double($0.range.lowerBound) }
    max = channels.map { Double($0.range.upperBound) }
    count = channels.first?.count ?? 0
  }
}

/// `stats.json`: statistics by feature name.
///
/// Of object tokens they are pooled over tokens; of pictures they are per channel, in the stored units 0 … 255, over all
/// pixels.
public struct DatasetStatistics: Codable, Equatable, Sendable {
  /// Where they stand within a dataset's folder.
  static let file = "stats.json"
  /// Where those of the next shard wait for `info.json` to list it.
  static let nextFile = "stats-next.json"

  /// What is observed and what an action is, with names, shapes, units and bounds.
  public var features: [String: ElementStatistics]

  /// Statistics of the elements of each feature, by the feature's name.
  public init(features: [String: ElementStatistics]) { self.features = features }

  /// Missing keys get their defaults.
  ///
  /// - Throws: where a value is of another kind than its key asks for.
  public init(from decoder: any Decoder) throws { features = try .init(from: decoder) }
  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws { try features.encode(to: encoder) }

  /// nil for a feature that the data does not have.
  public subscript(name: String) -> ElementStatistics? { features[name] }
}

extension DatasetStatistics {
  /// Where these statistics and others of the same features differ by more than a rounding: one sentence a feature.
  func differences(from data: DatasetStatistics, features: FeatureSet) -> [String] {
    (features.observations + [features.action]).compactMap { feature in
      guard let found = data[feature.name] else { return nil }
      guard let said = self[feature.name] else { return "stats.json has no statistics of \(feature.name)" }
      return said.difference(from: found, feature: feature)
    }
  }
}

extension ElementStatistics {
  /// The first number that differs from what the data gives, as a sentence.
  fileprivate func difference(from data: ElementStatistics, feature: FeatureSpec) -> String? {
    if count != data.count {
      return "stats.json counts \(count) values of \(feature.name), but the data has \(data.count)"
    }
    for (name, said, found) in [
      ("mean", mean, data.mean), ("std", std, data.std), ("min", min, data.min),
      ("max", max, data.max),
    ] {
      guard said.count == found.count else {
        return "stats.json has \(said.count) elements of \(feature.name), but the data has \(found.count)"
      }
      for element in said.indices {
        // Where the data holds a number that is not finite, that has been told.
        guard found[element].isFinite else { continue }
        let slack = 1e-6 * abs(found[element]) + 1e-9
        if !(abs(said[element] - found[element]) <= slack) {
          return
            "stats.json says the \(name) of \(feature.elements[element]) of \(feature.name) is \(said[element]), but the data gives \(found[element])"
        }
      }
    }
    return nil
  }
}
