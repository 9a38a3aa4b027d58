// One draw of one factor: what a factor's closure is given.

import PlanarCore
import PlanarSceneDrawing

/// Draws values of a factor for one episode, and keeps what is worth recording.
public struct FactorDraw {
  let level: RandomizationLevel
  /// The factor's index in the level.
  let index: Int
  /// Which object it is drawn for; nil where it is not drawn for each.
  public let object: Int?
  /// The episode's.
  public let seed: UInt64
  /// The colours that commands name.
  public let palette: [Color]
  /// The table's edges, m.
  public let table: WorldRectangle
  /// The stream that `value` draws from.
  public var stream: RandomStream
  /// By name, for the episode's record.
  private(set) var record: [String: Double] = [:]

  private var factor: RandomizationFactor { level.factors[index] }

  /// The greatest value of the level's range: the spread, or the deviation; what is pinned for one object comes first.
  public var most: Double { level.pin(at: index, object: object) ?? level.range(at: index).upperBound }

  /// The factor's value. It is recorded under the factor's name unless it is nominal; those of shared streams always.
  public mutating func value() -> Double {
    let value = level.draw(at: index, object: object, using: &stream)
    if value != factor.nominal || factor.stream != .own {
      note((object.map { "object\($0)." } ?? "") + factor.name, value)
    }
    return value
  }

  /// One of several values, each with a stream of its own; it is not recorded.
  public func value(of part: Int) -> Double {
    var own = RandomStream(seed: seed, purpose: factor.name, index: part)
    return level.draw(at: index, object: object, using: &own)
  }

  /// A stream for what else has to be drawn, such as a direction.
  public func stream(_ purpose: String) -> RandomStream { RandomStream(seed: seed, purpose: purpose) }

  /// Adds a value to the episode's record.
  public mutating func note(_ name: String, _ value: Double) { record[name] = value }
}

extension FactorDraw {
  /// - Parameter shared: the stream of a factor that has none of its own.
  init(
    _ level: RandomizationLevel, at index: Int, object: Int?, seed: UInt64, palette: [Color], table: WorldRectangle,
    shared: RandomStream?
  ) {
    self.level = level
    self.index = index
    self.object = object
    self.seed = seed
    self.palette = palette
    self.table = table
    stream = shared ?? RandomStream(seed: seed, purpose: level.factors[index].name, index: object ?? 0)
  }
}
