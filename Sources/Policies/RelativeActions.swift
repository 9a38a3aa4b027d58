// Actions that are places, as the network sees them: relative to where the robot is.

import PlanarCore
import PlanarPolicyInterface

/// Places of a chunk minus where the robot is at the chunk's first step, in units of a reach of its own for every step,
/// since the first steps, which are executed, stay near:
///
///   (place at step t − now) / reach at step t
///
/// A chunk that goes on from where the robot is then looks alike wherever that is, and small movements are not small
/// numbers. (Chi et al. 2024, arXiv 2402.10329, found the same of grippers' poses: absolute places generalise worse.)
public struct RelativeActions: Codable, Hashable, Sendable {
  /// Of each number of the action: where it is now.
  public var anchors: [ActionAnchor]
  /// What the network calls 1, in units of the action, `[horizon · action]`.
  public var reach: [Float]

  /// Three deviations of what labels hold; farther places are cut off there.
  static let deviations: Float = 3

  public init(anchors: [ActionAnchor], reach: [Float]) {
    self.anchors = anchors
    self.reach = reach
  }

  /// The reach that fits a set of chunks.
  ///
  /// - Parameters:
  ///   - chunks: `[count, horizon, action]`
  ///   - proprioception: `[count]` of the newest observations.
  public init(anchors: [ActionAnchor], fittedTo chunks: [Float], horizon: Int, proprioception: [[Float]]) {
    let width = anchors.count
    var spread = [RunningStatistics](repeating: RunningStatistics(), count: horizon * width)
    for (row, state) in proprioception.enumerated() {
      for (j, anchor) in anchors.enumerated() {
        let now = anchor.action(state)
        for t in 0..<horizon {
          let way = Double(chunks[(row * horizon + t) * width + j] - now)
          spread[t * width + j].add(way)
          spread[t * width + j].add(-way)
        }
      }
    }
    self.anchors = anchors
    reach = spread.map { min(2, max(0.01, Self.deviations * Float($0.standardDeviation))) }
  }

  /// - Throws: `UserError` where the counts do not fit the features.
  func validate(_ features: FeatureSet, horizon: Int) throws {
    let states = features.proprioception.count
    guard anchors.count == features.action.count, reach.count == horizon * anchors.count,
      anchors.allSatisfy({ 0..<states ~= $0.element && $0.least < $0.greatest }),
      reach.allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      throw UserError(
        "relativeActions must have an anchor in the proprioception and a positive reach for each of the \(features.action.count) numbers of each of \(horizon) actions"
      )
    }
  }

  /// A chunk `[horizon, action]` as the network sees it, in place.
  public func encode(_ chunk: inout ArraySlice<Float>, proprioception: some Collection<Float>) {
    let state = Array(proprioception)
    let now = anchors.map { $0.action(state) }
    for (i, place) in chunk.indices.enumerated() {
      chunk[place] = max(-1, min(1, (chunk[place] - now[i % anchors.count]) / reach[i]))
    }
  }

  /// The same with a chunk of its own.
  func encoded(_ chunk: ActionChunk, proprioception: [Float]) -> ActionChunk {
    var values = chunk.values[...]
    encode(&values, proprioception: proprioception)
    return ActionChunk(horizon: chunk.horizon, dimension: chunk.dimension, values: Array(values))
  }

  /// The chunk that the network meant.
  func decoded(_ chunk: ActionChunk, proprioception: [Float]) -> ActionChunk {
    var chunk = chunk
    let now = anchors.map { $0.action(proprioception) }
    for i in chunk.values.indices {
      chunk.values[i] = max(-1, min(1, now[i % anchors.count] + reach[i] * chunk.values[i]))
    }
    return chunk
  }
}
