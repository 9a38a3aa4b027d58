// How a policy sees actions: as changes from step to step, relative to where the robot is, or as they are.

import PlanarCore
import PlanarPolicyInterface

/// A chunk's actions as the network sees them, and back.
///
/// An environment's action space says what an action does to the robot; the representation says what the network learns
/// of it. Where the robot is told to be, c, follows from either kind of action, and the network sees
///
/// ```
///   delta        (c at step t − c at step t−1) / scale at step t          c at step −1: where the robot is now
///   relative     (c at step t − c now) / scale at step t                  the same wherever the robot is
///   absolute     (c at step t − centre) / scale at step t
/// ```
///
/// each in units of its own for every step, since the first steps, which are executed, stay near. What means the same
/// wherever the robot is (`ActionAnchor.Kind.level`) stays as it is. Converting there and back is exact, but for what
/// lies beyond −1 and 1 once encoded, which is cut off. (Chi et al. 2024, arXiv 2402.10329, found of grippers' poses that
/// relative chunks generalise better than absolute ones and answer late better than deltas.)
///
/// A previous chunk that is to be continued is encoded from where the robot is now: it is re-anchored to the new chunk's
/// first step.
public struct ActionRepresentation: Codable, Hashable, Sendable {
  /// What the network sees.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// From step to step.
    case delta
    /// To where the robot is at the chunk's first step.
    case relative
    /// Neither.
    case absolute
  }

  /// What the network sees.
  public var kind: Kind
  /// Of each number of the action: what it says about the robot.
  public var anchors: [ActionAnchor]
  /// What the network calls 0, `[horizon · action]`; in units of the action, of absolute moves in those of the
  /// proprioception.
  public var center: [Float]
  /// What the network calls 1 more, in the same units, `[horizon · action]`.
  public var scale: [Float]

  /// Three deviations of what labels hold are 1; farther places are cut off there.
  static let deviations: Float = 3

  /// A representation from its parts.
  ///
  /// - Parameters:
  ///   - center: `[horizon · action]`; nil for zeros.
  ///   - scale: `[horizon · action]`
  public init(kind: Kind, anchors: [ActionAnchor], center: [Float]? = nil, scale: [Float]) {
    self.kind = kind
    self.anchors = anchors
    self.center = center ?? scale.map { _ in 0 }
    self.scale = scale
  }

  /// The kind that fits an action space where nobody chose: relative for targets, delta for moves.
  ///
  /// - Parameter anchors: of the action's numbers.
  public static func standard(for anchors: [ActionAnchor]) -> Kind {
    anchors.contains { $0.kind == .target } ? .relative : .delta
  }

  /// The representation that fits a set of chunks.
  ///
  /// - Parameters:
  ///   - forEachChunk: visits the chunks `[horizon, action]`, as actions, each with the proprioception that it begins with.
  /// - Throws: what `forEachChunk` throws.
  public init(
    kind: Kind, anchors: [ActionAnchor], horizon: Int,
    fittedTo forEachChunk: (
      _ visit: (_ chunk: UnsafeMutableBufferPointer<Float>, _ proprioception: UnsafeBufferPointer<Float>) -> Void
    ) throws -> Void
  ) rethrows {
    let width = anchors.count
    let count = horizon * width
    self.init(kind: kind, anchors: anchors, scale: [Float](repeating: 1, count: count))
    var spread = [RunningStatistics](repeating: RunningStatistics(), count: count)
    var least = [Float](repeating: .infinity, count: count)
    var greatest = [Float](repeating: -.infinity, count: count)
    let plain = self
    try forEachChunk { chunk, proprioception in
      plain.convert(chunk, proprioception: proprioception)
      for i in 0..<count {
        let value = Double(chunk[i])
        spread[i].add(value)
        spread[i].add(-value)
        least[i] = min(least[i], chunk[i])
        greatest[i] = max(greatest[i], chunk[i])
      }
    }
    guard spread.first?.count ?? 0 > 0 else { return }
    for i in 0..<count {
      let anchor = anchors[i % width]
      switch (kind, anchor.kind) {
      case (_, .level), (.delta, .move), (.absolute, .target): break
      case (.absolute, .move):
        center[i] = (least[i] + greatest[i]) / 2
        scale[i] = max(1e-4, (greatest[i] - least[i]) / 2)
      case (.relative, _), (.delta, .target):
        // As far as a chunk can get by this step: across the whole range, or by one move a step.
        let most = anchor.kind == .target ? 2 : Float(i / width + 1)
        scale[i] = min(most, max(0.01, Self.deviations * Float(spread[i].standardDeviation)))
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case kind, anchors, center, scale
    case reach
  }

  /// Reads a representation; one that tells `anchors` and `reach` only is relative.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? .relative
    anchors = try container.decode([ActionAnchor].self, forKey: .anchors)
    scale =
      try container.decodeIfPresent([Float].self, forKey: .scale)
      ?? container.decode([Float].self, forKey: .reach)
    center = try container.decodeIfPresent([Float].self, forKey: .center) ?? scale.map { _ in 0 }
  }

  /// Writes kind, anchors, centre and scale.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(anchors, forKey: .anchors)
    try container.encode(center, forKey: .center)
    try container.encode(scale, forKey: .scale)
  }

  /// - Throws: `UserError` where the counts do not fit the features.
  func validate(_ features: FeatureSet, horizon: Int) throws {
    let states = features.proprioception.count
    let count = horizon * anchors.count
    guard anchors.count == features.action.count, scale.count == count, center.count == count,
      anchors.allSatisfy({ $0.kind == .level || (0..<states ~= $0.element && $0.least < $0.greatest) }),
      scale.allSatisfy({ $0 > 0 && $0.isFinite }), center.allSatisfy(\.isFinite)
    else {
      throw UserError(
        "the representation must have an anchor in the proprioception, a centre and a positive scale for each of the \(features.action.count) numbers of each of \(horizon) actions"
      )
    }
  }

  /// The same for a robot whose proprioception holds the same numbers in other places.
  ///
  /// - Parameter indices: of each number of the robot's own proprioception, its index in the policy's.
  func reading(_ indices: [Int]) -> ActionRepresentation {
    var own = self
    for i in anchors.indices where anchors[i].kind != .level {
      guard let element = indices.firstIndex(of: anchors[i].element) else {
        preconditionFailure("the robot tells where it is commanded to be")
      }
      own.anchors[i].element = element
    }
    return own
  }
}

// MARK: Converting

extension ActionRepresentation {
  /// Turns a chunk of actions into what the network sees, before centre and scale, in place.
  private func convert(_ chunk: UnsafeMutableBufferPointer<Float>, proprioception: UnsafeBufferPointer<Float>) {
    let width = anchors.count
    for (j, anchor) in anchors.enumerated() {
      switch (kind, anchor.kind) {
      case (_, .level), (.delta, .move), (.absolute, .target): continue
      case (.relative, .target):
        let now = now(anchor, proprioception)
        for i in stride(from: j, to: chunk.count, by: width) { chunk[i] -= now }
      case (.delta, .target):
        var last = now(anchor, proprioception)
        for i in stride(from: j, to: chunk.count, by: width) {
          let target = chunk[i]
          chunk[i] = target - last
          last = target
        }
      case (.relative, .move):
        var sum: Float = 0
        for i in stride(from: j, to: chunk.count, by: width) {
          sum += chunk[i]
          chunk[i] = sum
        }
      case (.absolute, .move):
        var place = proprioception[anchor.element]
        for i in stride(from: j, to: chunk.count, by: width) {
          place += anchor.greatest * chunk[i]
          chunk[i] = place
        }
      }
    }
  }

  /// The action that stays where the robot is, not clamped.
  private func now(_ anchor: ActionAnchor, _ proprioception: UnsafeBufferPointer<Float>) -> Float {
    2 * (proprioception[anchor.element] - anchor.least) / (anchor.greatest - anchor.least) - 1
  }

  /// A chunk `[horizon, action]` as the network sees it, in place. Allocates nothing.
  ///
  /// - Parameter proprioception: `[proprioception]` of the chunk's first step.
  public func encode(
    _ chunk: UnsafeMutableBufferPointer<Float>, proprioception: UnsafeBufferPointer<Float>
  ) {
    convert(chunk, proprioception: proprioception)
    for i in chunk.indices { chunk[i] = max(-1, min(1, (chunk[i] - center[i]) / scale[i])) }
  }

  /// The same with a chunk of its own; it may be shorter than the horizon.
  package func encoded(_ chunk: ActionChunk, proprioception: [Float]) -> ActionChunk {
    var chunk = chunk
    chunk.values.withUnsafeMutableBufferPointer { values in
      proprioception.withUnsafeBufferPointer { encode(values, proprioception: $0) }
    }
    return chunk
  }

  /// The actions that the network meant.
  package func decoded(_ chunk: ActionChunk, proprioception: [Float]) -> ActionChunk {
    var chunk = chunk
    let width = anchors.count
    for i in chunk.values.indices { chunk.values[i] = center[i] + scale[i] * chunk.values[i] }
    for (j, anchor) in anchors.enumerated() {
      let indices = stride(from: j, to: chunk.values.count, by: width)
      let now = anchor.kind == .target ? anchor.action(proprioception) : 0
      switch (kind, anchor.kind) {
      case (_, .level), (.delta, .move), (.absolute, .target): break
      case (.relative, .target): for i in indices { chunk.values[i] += now }
      case (.delta, .target):
        var last = now
        for i in indices {
          last += chunk.values[i]
          chunk.values[i] = last
        }
      case (.relative, .move), (.absolute, .move):
        let unit = kind == .relative ? 1 : anchor.greatest
        var last = kind == .relative ? 0 : proprioception[anchor.element]
        for i in indices {
          let place = chunk.values[i]
          chunk.values[i] = (place - last) / unit
          last = place
        }
      }
    }
    for i in chunk.values.indices { chunk.values[i] = max(-1, min(1, chunk.values[i])) }
    return chunk
  }
}
