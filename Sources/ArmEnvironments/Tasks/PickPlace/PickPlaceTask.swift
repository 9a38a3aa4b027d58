// The task: grasp the named object, carry it past the others, release it in the named bin.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// Picking and placing with a gripper, seen from above: "put the red square in the left bin".
///
/// Success: the object is in the bin at rest, no finger touches it, and the gripper is more than half open.
/// How it came there is measured, not ruled: `carried_share` is the share of the object's way on which both fingers
/// held it, `distractor_shift` the farthest that any other object was moved, m.
public struct PickPlaceTask: ArmTask {
  /// How the named object came where it is.
  public struct Journey: Equatable, Sendable {
    /// How far it moved, and how far of that it was carried, m.
    public internal(set) var moved = 0.0
    /// How far of that it was carried, m.
    public internal(set) var carried = 0.0
    /// Where it was at the last control step, m; nil before the first.
    var last: Vec2?
  }

  static let kind = TaskKind("pick-place") { _ in PickPlaceTask() }

  /// There is nothing to set.
  public init() {}

  /// An expert that grasps, carries and lets go.
  public var expert: (any Expert<ArmEnvironment>)? { PickPlaceExpert() }

  /// Every object with every bin, but those that others keep from being grasped: the fingers come from the robot's side,
  /// and what lies in their way would have to be cleared first.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    var reachable = scene
    reachable.objects.removeAll { object in
      scene.objects.contains { $0 != object && blocks($0, object, specification.robot) }
    }
    return reachable.objectsIntoZones
  }

  /// Whether an object lies where the open fingers pass on their way to another.
  private func blocks(_ other: SceneObject, _ object: SceneObject, _ robot: RobotSpecification) -> Bool {
    guard case .arm(let arm) = robot.body, let gripper = arm.gripper else { return false }
    let hand = Rotation(angle: arm.handAngle ?? Double.pi / 2).direction
    let way = other.start.position - object.start.position
    let behind = -way.dot(hand)
    return behind > 0 && behind < 2 * gripper.fingerLength + object.circumradius + other.circumradius
      && abs(hand.cross(way)) < object.circumradius + other.circumradius + 4 * gripper.fingerRadius
  }

  /// The object has not moved yet.
  public func begin(in scene: Scene) -> Journey { Journey() }

  /// Remembers how far the object was carried.
  public func note(_ environment: ArmEnvironment, in journey: inout Journey) {
    guard let object = environment.goalObject else { return }
    let position = environment.physics.states[object].position
    let way = (position - (journey.last ?? environment.scene.objects[object].start.position)).length
    journey.last = position
    journey.moved += way
    if environment.isHeld(object) { journey.carried += way }
  }

  /// Success when the object is at rest in its zone, and not held.
  public func judge(_ environment: ArmEnvironment, _ journey: Journey) -> Judgement {
    let succeeded =
      environment.holds(environment.goal)
      && environment.goalObject.map { environment.isReleased($0) } ?? false
    return Judgement(succeeded: succeeded, reward: succeeded ? 1 : 0)
  }

  /// `carried_share`, the share of the object's way on which it was held, and `distractor_shift`, the farthest that
  /// another object was moved, m.
  public func metrics(_ environment: ArmEnvironment, _ journey: Journey) -> [String: Double] {
    let shifts = environment.scene.objects.indices.filter { $0 != environment.goalObject }.map {
      (environment.physics.states[$0].position - environment.scene.objects[$0].start.position).length
    }
    return [
      "carried_share": journey.moved > 0 ? journey.carried / journey.moved : 0,
      "distractor_shift": shifts.max() ?? 0,
    ]
  }

  /// Falls in three stages: the open hand comes around the object, the closed one brings it to the bin, and in the bin
  /// it opens and goes.
  public func cost(_ environment: ArmEnvironment, _ journey: Journey) -> Double {
    guard let object = environment.goalObject, let bin = environment.goalZone,
      let gripper = environment.physics.arm.gripper
    else { return 0 }
    if judge(environment, journey).succeeded { return 0 }
    let position = environment.physics.states[object].position
    let opening = environment.physics.arm.jaw.opening / gripper.maximumOpening
    let reach = (environment.tip - position).length
    let missing = max(0, (bin.center - position).length - 0.5 * bin.radius)
    if missing == 0 { return 0.1 + 0.2 * (1 - opening) + max(0, 0.1 - reach) }
    let grip =
      environment.isHeld(object) ? 0 : reach < 0.015 ? 0.1 + 0.2 * opening : 0.3 + 0.1 * (1 - opening)
    return 0.35 + 1.5 * missing + 1.5 * reach + grip
  }
}

extension ArmEnvironment {
  /// Whether both fingers press on an object.
  public func isHeld(_ object: Int) -> Bool {
    physics.isTouching(.finger(0), body: object) && physics.isTouching(.finger(1), body: object)
  }

  /// Whether no finger touches an object and the gripper is more than half open; true without a gripper.
  public func isReleased(_ object: Int) -> Bool {
    guard let gripper = physics.arm.gripper else { return true }
    return !physics.isTouching(.finger(0), body: object) && !physics.isTouching(.finger(1), body: object)
      && physics.arm.jaw.opening > gripper.maximumOpening / 2
  }
}
