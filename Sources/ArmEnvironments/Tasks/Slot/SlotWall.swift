// A wall along the table's far edge with slots that pegs fit into.

import PlanarCore
import PlanarPhysics

/// Where the slots are. Lengths in m.
///
/// ```
///   ▓▓▓▓▓▓▓▓┊  ┊▓▓▓▓▓▓▓▓▓▓┊  ┊▓▓▓▓▓▓▓▓   the table's far edge is the slots' end
///   ▓▓▓▓▓▓▓▓┊  ┊▓▓▓▓▓▓▓▓▓▓┊  ┊▓▓▓▓▓▓▓▓   depth
///            ▲ face        width of the peg and the clearance
///            ║
///            ║ peg, as the gripper brings it
/// ```
public struct SlotWall: Equatable, Sendable {
  /// The middles of the slots along x, in the order of the zones that stand for them.
  public var slots: [Double]
  /// Of each slot, along x.
  public var width: Double
  /// Of each slot, along y.
  public var depth: Double
  /// Where the wall begins, along y.
  public var face: Double
  /// The wall's ends along x.
  public var ends: ClosedRange<Double>

  /// The wall between and beside the slots.
  var obstacles: [Obstacle] {
    let sorted = slots.sorted()
    let starts = [ends.lowerBound] + sorted.map { $0 + width / 2 }
    let stops = sorted.map { $0 - width / 2 } + [ends.upperBound]
    return zip(starts, stops).map { start, stop in
      Obstacle(
        shape: .box(halfWidth: (stop - start) / 2, halfHeight: depth / 2),
        position: Vec2((start + stop) / 2, face + depth / 2))
    }
  }
}

/// A peg as it lies: a long box.
public struct PegPose: Sendable {
  /// Its centre, m.
  public var center: Vec2
  /// Unit vector along it, towards the wall.
  public var axis: Vec2
  /// Half of its length and of its width, m.
  public var halfLength: Double
  /// Half of its width, m.
  public var halfWidth: Double

  /// The middle of its end that is nearer to the wall, m.
  public var front: Vec2 { center + axis * halfLength }
  /// The middle of its other end, m.
  public var rear: Vec2 { center - axis * halfLength }
  /// How far it is turned from the way into a slot: the sine of the angle, counter-clockwise.
  public var tilt: Double { -axis.x }

  /// How deep both corners of its end are in a wall, m; negative before it.
  public func depth(in wall: SlotWall) -> Double { front.y - abs(axis.x) * halfWidth - wall.face }

  /// The pose of an object that is a peg; nil where its outline is no box.
  init?(_ object: Int, in world: ArmEnvironment) {
    guard case .polygon(let box) = world.scene.objects[object].body.shape, let corner = box.vertices.first else {
      return nil
    }
    let state = world.physics.states[object]
    center = state.position
    let along = Rotation(angle: state.angle).direction.perpendicular
    axis = along.y < 0 ? -along : along
    (halfLength, halfWidth) = (abs(corner.y), abs(corner.x))
  }
}
