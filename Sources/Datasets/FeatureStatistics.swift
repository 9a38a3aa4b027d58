// Running statistics of the features, element by element.

import PlanarCore
import PlanarPolicyInterface

/// Running statistics of each element of proprioception, of an object token (pooled over tokens), of an
/// action (pooled over the steps of a chunk), of touch, and of each colour channel of pictures (pooled over pixels).
public struct FeatureStatistics: Equatable, Sendable {
  /// `[proprioception]`
  public private(set) var proprioception: [RunningStatistics]
  /// `[features]`
  public private(set) var objects: [RunningStatistics]
  /// `[action]`
  public private(set) var action: [RunningStatistics]
  /// `[3]`; nil where the features have no picture.
  public private(set) var image: [ByteHistogram]?
  /// `[touch]`; nil where the features have no touch.
  public private(set) var touch: [RunningStatistics]?

  public init(_ features: FeatureSet) {
    proprioception = Array(repeating: RunningStatistics(), count: features.proprioception.count)
    objects = Array(repeating: RunningStatistics(), count: features.objectFeatureCount)
    action = Array(repeating: RunningStatistics(), count: features.action.count)
    image = features.image.map { Array(repeating: ByteHistogram(), count: $0.shape[2]) }
    touch = features.touch.map { Array(repeating: RunningStatistics(), count: $0.count) }
  }

  /// - Parameter values: `[…, proprioception]`
  public mutating func add(proprioception values: some Collection<Float>) {
    Self.add(values, to: &proprioception)
  }

  /// - Parameter values: `[…, objects, features]`
  public mutating func add(objects values: some Collection<Float>) { Self.add(values, to: &objects) }

  /// - Parameter values: `[…, action]`
  public mutating func add(actions values: some Collection<Float>) { Self.add(values, to: &action) }

  /// Does nothing where the features have no picture.
  ///
  /// - Parameter values: `[…, height, width, 3]`
  public mutating func add(image values: [UInt8]) {
    guard let channels = image?.count else { return }
    for channel in 0..<channels { image![channel].add(values, from: channel, stride: channels) }
  }

  /// Does nothing where the features have no touch.
  ///
  /// - Parameter values: `[…, touch]`
  public mutating func add(touch values: some Collection<Float>) {
    if touch != nil { Self.add(values, to: &touch!) }
  }

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
      action: ElementStatistics(action), image: image.map { ElementStatistics($0) },
      touch: touch.map { ElementStatistics($0) })
  }
}

extension FeatureStatistics {
  /// Adds every frame of an episode, with its executed action.
  public mutating func add(_ episode: Episode) {
    for (observation, action) in zip(episode.observations, episode.actions) {
      add(proprioception: observation.proprioception)
      add(objects: observation.objects)
      add(actions: action)
      add(image: observation.image)
      add(touch: observation.touch)
    }
  }
}

/// How often each value of a byte was seen: exact statistics of pictures, at the price of a count per pixel.
public struct ByteHistogram: Equatable, Sendable {
  /// `[256]`
  public private(set) var counts = [Int](repeating: 0, count: 256)

  public init() {}

  /// Counts `values[start]`, `values[start + stride]` …
  public mutating func add(_ values: [UInt8], from start: Int = 0, stride: Int = 1) {
    precondition(start >= 0 && stride > 0, "values are counted forwards")
    values.withUnsafeBufferPointer { values in
      counts.withUnsafeMutableBufferPointer { counts in
        var place = start
        while place < values.count {
          counts[Int(values[place])] += 1
          place += stride
        }
      }
    }
  }

  /// Values counted.
  public var count: Int { counts.reduce(0, +) }

  /// 0 where nothing was counted.
  public var mean: Double {
    Double(counts.indices.reduce(0) { $0 + $1 * counts[$1] }) / Double(max(1, count))
  }

  /// With divisor `count`; 0 where nothing was counted.
  public var standardDeviation: Double {
    let mean = mean
    let squares = counts.indices.reduce(0) {
      $0 + (Double($1) - mean) * (Double($1) - mean) * Double(counts[$1])
    }
    return (squares / Double(max(1, count))).squareRoot()
  }

  /// The least and the greatest value counted; 0 where nothing was.
  public var range: ClosedRange<Int> {
    (counts.firstIndex { $0 > 0 } ?? 0)...(counts.lastIndex { $0 > 0 } ?? 0)
  }
}
