// How a hand leads the tip: the pointer by where it is, keys and a gamepad's stick by speeding up and slowing down.

import PlanarCore
import PlanarViewer

/// Pointer, held keys and stick, and the point that they lead the tip to.
///
/// The pointer leads from a click on the table until the next; a movement key or the stick takes over from it.
public struct TipLead {
  /// What leads the tip.
  public enum Device: Hashable, Sendable { case none, pointer, keys, gamepad }

  /// What leads the tip.
  public private(set) var device = Device.none
  /// Where the pointer was last, m.
  public private(set) var pointer: Vec2?
  private var held: Set<Key> = []
  /// Keys pressed since the last step: a tap between two steps counts for one.
  private var tapped: Set<Key> = []
  private var isSlow = false
  /// Where the stick is beyond its dead zone, at most 1 from its middle.
  private var stick = Vec2.zero
  /// The keys' or the stick's speed, 1 = a full step per control step.
  private var speed = Vec2.zero

  /// The part of the way to the wanted speed that a control step goes.
  private static let quickening = 0.5
  /// The same where all keys were let go.
  private static let braking = 0.8
  /// Slower than this, keys stand still.
  private static let leastSpeed = 0.02
  private static let slowFactor = 0.35
  /// So far from its middle a stick counts as let go: few come back to it.
  private static let deadZone = 0.15

  private static let directions: [Key: Vec2] = [
    .left: Vec2(-1, 0), .right: Vec2(1, 0), .up: Vec2(0, 1), .down: Vec2(0, -1),
    .letter("a"): Vec2(-1, 0), .letter("d"): Vec2(1, 0), .letter("w"): Vec2(0, 1),
    .letter("s"): Vec2(0, -1),
  ]

  /// Nothing leads the tip.
  public init() {}

  /// Takes what concerns the tip's motion.
  ///
  /// - Returns: whether the hand takes the tip by it.
  public mutating func handle(_ event: Event) -> Bool {
    switch event {
    case .mouseMoved(let point): pointer = point
    case .mousePressed(let point, .left):
      pointer = point
      device = device == .pointer ? .none : .pointer
      speed = .zero
      return device == .pointer
    case .key(let key, let modifiers) where Self.directions[key] != nil:
      if device != .keys { speed = .zero }
      device = .keys
      held.insert(key)
      tapped.insert(key)
      isSlow = modifiers.contains(.shift)
      return true
    case .keyReleased(let key): held.remove(key)
    case .gamepad(let gamepad):
      let way = gamepad?.stick ?? .zero
      let reach = max(0, way.length - Self.deadZone) / (1 - Self.deadZone)
      stick = reach > 0 ? way.normalized() * min(1, reach) : .zero
      guard stick != .zero else { return false }
      if device != .gamepad { speed = .zero }
      device = .gamepad
      return true
    default: break
    }
    return false
  }

  /// Lets the tip go; held keys stay held, and the stick where it is.
  public mutating func release() {
    device = .none
    speed = .zero
    tapped = []
  }

  /// The point to lead the tip to in the next control step, m; nil holds it.
  ///
  /// - Parameter step: how far keys lead in a control step at full speed, m.
  public mutating func next(from commandedTip: Vec2, step: Double) -> Vec2? {
    defer { tapped = [] }
    switch device {
    case .none: return nil
    case .pointer: return pointer
    case .gamepad: return quickened(to: stick, from: commandedTip, step: step)
    case .keys:
      let sum = held.union(tapped).reduce(Vec2.zero) { $0 + Self.directions[$1]! }
      let wanted = sum.clamped(toLength: 1) * (isSlow ? Self.slowFactor : 1)
      return quickened(to: wanted, from: commandedTip, step: step)
    }
  }

  /// Goes a part of the way to a wanted speed.
  private mutating func quickened(to wanted: Vec2, from commandedTip: Vec2, step: Double) -> Vec2? {
    speed += (wanted - speed) * (wanted == .zero ? Self.braking : Self.quickening)
    if speed.length < Self.leastSpeed { speed = .zero }
    return speed == .zero ? nil : commandedTip + speed * step
  }
}
