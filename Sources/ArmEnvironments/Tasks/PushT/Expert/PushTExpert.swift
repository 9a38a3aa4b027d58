// The scripted expert of PushT: plans a few pushes and makes the first, anew at every step.

import PlanarCore
import PlanarPolicyInterface

/// Brings the T to its goal by few, long pushes at fixed places of its border.
///
/// At every control step the cheapest sequence of up to three pushes is found that ends at the goal. The pusher goes
/// around the T to the first one's place, lines up, and pushes. Nothing is remembered: what it does is a function of
/// where pusher and T are, and since the way that is left gets shorter as it goes, it keeps to its plan.
public struct PushTExpert: Expert {
  /// How far ahead of the pusher its target is at most, px: half of it is gone in a control step.
  private static let lead = 36.0
  /// The same while it pushes.
  private static let pushLead = 24.0
  /// How far the last push aims beyond the goal, px: it passes through it, so that whoever imitates it and falls
  /// short still arrives.
  private static let throughGoal = 4.0

  /// An expert that remembers nothing between steps.
  public init() {}

  /// There is nothing to draw: the state decides.
  public mutating func beginEpisode(seed: UInt64) {}

  /// The next target of the cheapest sequence of pushes.
  public mutating func action(in world: PushTEnvironment) -> Action {
    var plan: PushTPushPlan?
    return Self.action(in: world, plan: &plan)
  }

  /// The chunk follows the plan of its first state until a push is done, where it plans anew.
  public mutating func chunk(from world: PushTEnvironment, horizon: Int) -> ActionChunk {
    var fork = world
    var plan: PushTPushPlan?
    var values: [Float] = []
    values.reserveCapacity(2 * horizon)
    for step in 0..<horizon {
      let action = Self.action(in: fork, plan: &plan)
      values += action
      if step < horizon - 1 { _ = fork.advance(action) }
    }
    return ActionChunk(horizon: horizon, dimension: 2, values: values)
  }

  private static func action(in world: PushTEnvironment, plan: inout PushTPushPlan?) -> Action {
    let target = target(
      pusher: world.pusher, block: world.blockPose, angle: world.blockAngle, plan: &plan)
    let half = PushTConstants.windowSide / 2
    return [target.x, target.y].map { Float(min(max($0 / half - 1, -1), 1)) }
  }

  /// Where the pusher should be told to go, px.
  ///
  /// - Parameter plan: what is still to be followed, or nil; becomes the plan in force.
  private static func target(
    pusher: Vec2, block: Pose, angle: Double, plan last: inout PushTPushPlan?
  ) -> Vec2 {
    let local = block.toLocal(pusher)
    let contacts = PushTContactPoint.all
    let around = PushTWayAround(around: block)
    let paths = contacts.map { contact -> PushTWayAround.Path in
      if isLinedUp(local, contact) {
        var path = PushTWayAround.Path()
        path.length = max(0, gap(local, contact))
        return path
      }
      var path = around.path(from: local, to: contact.pusher(gap: PushTPushSearch.approachGap))
      path.length += PushTPushSearch.approachGap
      return path
    }
    let wanted = PushTDisplacement(toGoalFrom: block, angle: angle)
    var search = PushTPushSearch(wanted: wanted, block: block, approaches: paths.map(\.length))
    if let last, last.distances[0] > 3 { search.run(following: last) }
    if search.best.count == 0 { search.run() }
    let plan = search.best
    last = plan
    guard plan.count > 0 else { return pusher }
    let contact = contacts[plan.contacts[0]]
    guard isLinedUp(local, contact) else {
      return block.toWorld(paths[plan.contacts[0]].point(at: lead, from: local))
    }
    // The contact point where the T will be after a part of the push.
    let beyond = plan.count == 1 ? throughGoal : 1
    let part = min(pushLead - max(0, gap(local, contact)), plan.distances[0] + beyond)
    let step = PushTDisplacement(pushing: contact, by: part)
    let cog = PushTConstants.centerOfGravity
    let ahead = cog + step.way + Rotation(angle: step.turn).apply(contact.pusher(gap: 0) - cog)
    return block.toWorld(ahead)
  }

  /// px between pusher and T along a contact's normal.
  private static func gap(_ local: Vec2, _ contact: PushTContactPoint) -> Double {
    (contact.point - local).dot(contact.inward) - PushTConstants.pusherRadius
  }

  /// Whether the pusher is so well in front of a contact point that it need only go straight.
  private static func isLinedUp(_ local: Vec2, _ contact: PushTContactPoint) -> Bool {
    let gap = gap(local, contact)
    let beside = abs((local - contact.point).cross(contact.inward))
    return gap > -6 && gap < PushTPushSearch.approachGap + 3 && beside < 4 + 0.3 * max(0, gap)
  }
}
