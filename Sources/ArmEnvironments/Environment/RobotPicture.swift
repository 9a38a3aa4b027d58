// How robots are drawn.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// Links, joints and tip. The links run above the table, so they are drawn translucent: what lies beneath stays
/// visible.
func armItems(_ arm: Arm) -> [DrawItem] {
  let kinematics = arm.kinematics
  let joints = (0...arm.jointCount).map { kinematics.point($0) }
  let metal = Color(hex: 0x4A5058)
  var items: [DrawItem] = [.polyline(joints, width: 0.022, color: metal.opacity(0.35))]
  items += joints.dropLast().map {
    .disc(center: $0, radius: 0.014, fill: metal.opacity(0.75))
  }
  guard let gripper = arm.gripper else {
    items.append(
      .disc(
        center: kinematics.tip, radius: arm.tipRadius, fill: Color(hex: 0x23272C),
        outline: Outline(color: .white, width: 0.002)))
    return items
  }
  return items + gripperItems(arm, gripper)
}

/// A rail across the last link's end and two fingers, as far apart as they are.
private func gripperItems(_ arm: Arm, _ gripper: Gripper) -> [DrawItem] {
  let dark = Color(hex: 0x23272C)
  let side = arm.hand.direction.perpendicular * (gripper.maximumOpening / 2 + gripper.fingerRadius)
  var items: [DrawItem] = [
    .polyline([arm.tip + side, arm.tip - side], width: 0.012, color: dark.opacity(0.55))
  ]
  for finger in 0..<2 {
    let (root, end) = arm.fingerAxis(finger)
    items.append(.polyline([root, end], width: 2 * gripper.fingerRadius + 0.004, color: .white))
    items.append(.polyline([root, end], width: 2 * gripper.fingerRadius, color: dark))
  }
  return items
}

/// A gantry's two rails, translucent as an arm's links, and its tip.
func gantryItems(tip: Vec2, radius: Double, table: WorldRectangle) -> [DrawItem] {
  let metal = Color(hex: 0x4A5058)
  return [
    .polyline(
      [Vec2(tip.x, table.min.y), Vec2(tip.x, table.max.y)], width: 0.012,
      color: metal.opacity(0.3)),
    .polyline(
      [Vec2(table.min.x, tip.y), Vec2(table.max.x, tip.y)], width: 0.012,
      color: metal.opacity(0.3)),
    .disc(
      center: tip, radius: radius, fill: Color(hex: 0x23272C),
      outline: Outline(color: .white, width: 0.002)),
  ]
}
