// What the numbers of an action mean: the one place that turns them into where the tip goes, and back.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

/// What an action says to a robot's tip and gripper.
///
/// Whoever drives says where the commanded tip should go; the space makes the action. The environment decodes it:
///
/// ```
///   expert, person ── velocity or point ──► encode ──► action, each number in [−1, 1] ──► decode ──► commanded tip
///                                          tip_move     [dx, dy, gripper]   1 = `step` m from the commanded tip
///                                          tip_target   [x, y, gripper]     −1 and 1 = the table's edges
/// ```
///
/// Both spaces lead a robot along the same paths; they differ in what a late or averaged action does: a move that comes
/// late still moves, a target that comes late is passed by.
public struct ActionSpace: Sendable {
  /// How the tip is led.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    /// How far the commanded tip moves; 1 is `step` along an axis.
    case tipMove = "tip_move"
    /// Where the commanded tip goes: −1 and 1 are the table's edges.
    case tipTarget = "tip_target"

    /// The space of a name.
    ///
    /// - Throws: `UserError` that lists the spaces where there is none of that name.
    public init(named name: String) throws {
      guard let kind = Self(rawValue: name) else {
        throw UserError(
          "there is no action space '\(name)'; there are \(Self.allCases.map(\.rawValue).joined(separator: " and "))")
      }
      self = kind
    }

    /// The space that an action feature belongs to; nil where it is of another environment.
    public init?(of action: FeatureSpec) {
      guard let kind = Self.allCases.first(where: { action.elements.starts(with: $0.elements) }) else { return nil }
      self = kind
    }

    /// The names of the tip's numbers.
    var elements: [String] {
      switch self {
      case .tipMove: ["tip_dx (1 = action_step)", "tip_dy (1 = action_step)"]
      case .tipTarget: ["tip_x (1 = the table's edge)", "tip_y (1 = the table's edge)"]
      }
    }
  }

  /// How the tip is led.
  public var kind: Kind
  /// How far the commanded tip is led in one control step at most, m.
  public var step: Double
  /// The table, whose edges are −1 and 1, m.
  public var table: WorldRectangle
  /// The radius of the tip, which stays on the table with all of it, m.
  public var tipRadius: Double
  /// Whether a number for the gripper comes last: 1 for open, −1 for closed.
  public var hasGripper: Bool

  /// How many numbers an action has.
  public var count: Int { hasGripper ? 3 : 2 }

  /// The nearest place where the whole tip is on the table, m.
  public func workspace(_ point: Vec2) -> Vec2 {
    Vec2(
      min(max(point.x, table.min.x + tipRadius), table.max.x - tipRadius),
      min(max(point.y, table.min.y + tipRadius), table.max.y - tipRadius))
  }

  // MARK: From actions to places

  /// Where an action wants the commanded tip, m; its numbers are clamped to [−1, 1].
  ///
  /// - Parameters:
  ///   - numbers: the action; numbers beyond its own are not read.
  ///   - commandedTip: where the tip is commanded to be now, m.
  func tip(_ numbers: SIMD4<Float>, from commandedTip: Vec2) -> Vec2 {
    func number(_ index: Int) -> Double { Double(min(max(numbers[index], -1), 1)) }
    let shift = Vec2(number(0), number(1))
    switch kind {
    case .tipMove: return commandedTip + shift * step
    case .tipTarget: return table.center + Vec2(shift.x * table.width, shift.y * table.height) * 0.5
    }
  }

  /// Where the commanded tip would go under a chunk, `[horizon + 1]` points from where it is now, m.
  public func path(of chunk: ActionChunk, from commandedTip: Vec2) -> [Vec2] {
    var point = commandedTip
    var path = [point]
    for step in 0..<chunk.horizon {
      let action = chunk[step]
      point = workspace(tip(SIMD4(action[0], action[1], 0, 0), from: point))
      path.append(point)
    }
    return path
  }

  /// The action that keeps tip and fingers where they are, `last` having been executed before it.
  public func hold(after last: Action) -> Action {
    switch kind {
    case .tipMove: [0, 0] + last.dropFirst(2)
    case .tipTarget: last
    }
  }

  // MARK: From places to actions

  /// The action that leads the commanded tip with a velocity for one control step, as far as one step can.
  ///
  /// - Parameters:
  ///   - velocity: of the commanded tip, m/s.
  ///   - commandedTip: where the tip is commanded to be now, m.
  ///   - period: of control, s.
  ///   - gripper: −1 for closed to 1 for open; left out where the robot has none.
  public func action(
    moving velocity: Vec2, from commandedTip: Vec2, period: Double, gripper: Double = -1
  ) -> Action {
    let move = (velocity * (period / step)).clamped(toLength: 1)
    return action(move: move, from: commandedTip, gripper: gripper)
  }

  /// The action that leads the commanded tip to a point, or as far on the straight way there as one control step goes.
  ///
  /// - Parameters:
  ///   - point: on the table, m.
  ///   - commandedTip: where the tip is commanded to be now, m.
  ///   - gripper: −1 for closed to 1 for open; left out where the robot has none.
  public func action(leadingTo point: Vec2, from commandedTip: Vec2, gripper: Double = -1) -> Action {
    action(move: ((point - commandedTip) / step).clamped(toLength: 1), from: commandedTip, gripper: gripper)
  }

  /// - Parameter move: 1 is `step`.
  private func action(move: Vec2, from commandedTip: Vec2, gripper: Double) -> Action {
    var action: Action
    switch kind {
    case .tipMove: action = [Float(move.x), Float(move.y)]
    case .tipTarget:
      let offset = workspace(commandedTip + move * step) - table.center
      action = [Float(2 * offset.x / table.width), Float(2 * offset.y / table.height)]
    }
    if hasGripper { action.append(Float(gripper)) }
    return action
  }

  // MARK: What its numbers are called

  /// The feature `action`, with what each number says about the commanded tip.
  ///
  /// - Parameter elements: the names of the proprioception's numbers, with `commanded_tip_x (m)` and
  ///   `commanded_tip_y (m)` among them.
  func feature(proprioception elements: [String]) -> FeatureSpec {
    func anchor(_ axis: String, from least: Double, to greatest: Double) -> ActionAnchor {
      guard let element = elements.firstIndex(of: "commanded_tip_\(axis) (m)") else {
        preconditionFailure("the commanded tip is observed")
      }
      let reach = kind == .tipMove ? 1 : 2 * step / (greatest - least)
      return ActionAnchor(
        kind: kind == .tipMove ? .move : .target, element: element, least: Float(least), greatest: Float(greatest),
        reach: reach)
    }
    var names = kind.elements
    var anchors: [ActionAnchor]
    switch kind {
    case .tipMove:
      anchors = ["x", "y"].map { anchor($0, from: -step, to: step) }
    case .tipTarget:
      anchors = [
        anchor("x", from: table.min.x, to: table.max.x), anchor("y", from: table.min.y, to: table.max.y),
      ]
    }
    if hasGripper {
      names.append("gripper (1 = open, -1 = closed)")
      anchors.append(.level)
    }
    return FeatureSpec(
      name: "action", shape: [names.count], elements: names, bounds: names.map { _ in .init(-1, 1) },
      anchors: anchors)
  }
}
