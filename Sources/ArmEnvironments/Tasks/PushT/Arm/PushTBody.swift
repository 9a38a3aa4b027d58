// The T as a body of a `World`: pixels become millimetres, and y is turned over.

import PlanarCore
import PlanarPhysics

/// Changes between the T of PushT's window (px, y down, origin in the middle of the bar's outer edge) and a
/// body of the plane (m, y up, origin at the centroid).
enum PushTBody {
  /// Bar and stem.
  static let outline = CompoundShape(
    [PushTConstants.bar, PushTConstants.stem].map { box in
      box.corners.reversed().map { Vec2($0.x, -$0.y) * PushTPicture.metresPerPixel }
    })

  /// At rest, its origin and angle in the window given.
  static func state(origin: Vec2, angle: Double) -> BodyState {
    BodyState(
      position: PushTPicture.point(origin) + Rotation(angle: -angle).apply(outline.centroid),
      angle: -angle)
  }

  /// Origin, px, and rotation in the window.
  static func windowPose(of state: BodyState) -> Pose {
    let rotation = Rotation(angle: state.angle)
    return Pose(
      position: PushTPicture.windowPoint(state.position - rotation.apply(outline.centroid)),
      rotation: Rotation(cosine: rotation.cosine, sine: -rotation.sine))
  }
}
