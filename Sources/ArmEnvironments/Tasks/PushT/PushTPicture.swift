// PushT as gym-pusht paints it; a pixel is drawn as a millimetre, and y, which grows downwards there, is
// turned over.

import PlanarCore
import PlanarSceneDrawing

/// The window of PushT as a drawing, whoever pushes.
enum PushTPicture {
  /// Metres on the drawing per pixel of the task.
  static let metresPerPixel = 0.001

  /// A point of the task, px, on the drawing, m, where y points upwards.
  static func point(_ point: Vec2) -> Vec2 {
    Vec2(point.x, PushTConstants.windowSide - point.y) * metresPerPixel
  }

  /// The point of the task, px, that a point of the drawing, m, stands for.
  static func windowPoint(_ point: Vec2) -> Vec2 {
    let scaled = point / metresPerPixel
    return Vec2(scaled.x, PushTConstants.windowSide - scaled.y)
  }

  /// Walls, goal, T and the goal's outline, from the bottom up.
  ///
  /// - Parameter block: where the T is, px.
  static func drawList(block: Pose) -> DrawList {
    let side = PushTConstants.windowSide * metresPerPixel
    var list = DrawList(
      bounds: WorldRectangle(min: .zero, max: Vec2(side, side)),
      background: Background(color: .white))
    list.items += wallItems
    let goal = Pose(
      position: PushTConstants.goalPosition, rotation: Rotation(angle: PushTConstants.goalAngle))
    list.items += blockItems(at: goal, color: Color(hex: 0x90EE90))
    list.items += blockItems(at: block, color: Color(hex: 0x778899))
    list.items.append(outline(at: goal, color: Color(hex: 0x2E8B57)))
    return list
  }

  private static var wallItems: [DrawItem] {
    (0..<4).map { index in
      let wall = PushTConstants.wall(index)
      return .polyline(
        [point(wall.a), point(wall.b)], width: 2 * PushTConstants.wallRadius * metresPerPixel,
        color: Color(hex: 0xD3D3D3))
    }
  }

  /// The stem is drawn from the middle of the bar on, so that no seam shows.
  private static func blockItems(at pose: Pose, color: Color) -> [DrawItem] {
    let stem = PushTBox(
      min: Vec2(PushTConstants.stem.min.x, PushTConstants.bar.max.y / 2),
      max: PushTConstants.stem.max)
    return [PushTConstants.bar, stem].map { box in
      .polygon(box.corners.map { point(pose.toWorld($0)) }, fill: color)
    }
  }

  private static func outline(at pose: Pose, color: Color) -> DrawItem {
    let corners = PushTConstants.outline
    return .polyline(
      (corners + corners.prefix(2)).map { point(pose.toWorld($0)) }, width: 0.0015, color: color)
  }
}
