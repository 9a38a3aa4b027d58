// PushT as gym-pusht paints it; a pixel is drawn as a millimetre, and y, which grows downwards there, is
// turned over.

import PlanarCore
import PolicyInterface
import SceneDrawing

extension PushTEnvironment {
  /// Metres on the drawing per pixel of the task.
  public static let metresPerPixel = 0.001

  /// A point of the task, px, on the drawing, m, where y points upwards.
  public static func onDrawing(_ point: Vec2) -> Vec2 {
    Vec2(point.x, PushTConstants.windowSide - point.y) * metresPerPixel
  }

  /// Walls, goal, T, the goal's outline and pusher, from the bottom up.
  public var drawList: DrawList {
    let side = PushTConstants.windowSide * PushTEnvironment.metresPerPixel
    var list = DrawList(
      bounds: WorldRectangle(min: .zero, max: Vec2(side, side)),
      background: Background(color: .white))
    list.items += wallItems
    let goal = Pose(
      position: PushTConstants.goalPosition, rotation: Rotation(angle: PushTConstants.goalAngle))
    list.items += blockItems(at: goal, color: Color(hex: 0x90EE90))
    let block = Pose(position: simulation.blockPosition, rotation: simulation.rotation)
    list.items += blockItems(at: block, color: Color(hex: 0x778899))
    list.items.append(outline(at: goal, color: Color(hex: 0x2E8B57)))
    switch specification.pusher {
    case .point: list.items.append(pointItem)
    }
    return list
  }

  private var pointItem: DrawItem {
    .disc(
      center: tip, radius: PushTConstants.pusherRadius * PushTEnvironment.metresPerPixel,
      fill: Color(hex: 0x4169E1))
  }

  private var wallItems: [DrawItem] {
    (0..<4).map { index in
      let wall = PushTConstants.wall(index)
      return .polyline(
        [PushTEnvironment.onDrawing(wall.a), PushTEnvironment.onDrawing(wall.b)],
        width: 2 * PushTConstants.wallRadius * PushTEnvironment.metresPerPixel,
        color: Color(hex: 0xD3D3D3))
    }
  }

  /// The stem is drawn from the middle of the bar on, so that no seam shows.
  private func blockItems(at pose: Pose, color: Color) -> [DrawItem] {
    let stem = PushTBox(
      min: Vec2(PushTConstants.stem.min.x, PushTConstants.bar.max.y / 2),
      max: PushTConstants.stem.max)
    return [PushTConstants.bar, stem].map { box in
      .polygon(
        box.corners.map { PushTEnvironment.onDrawing(pose.toWorld($0)) }, fill: color)
    }
  }

  private func outline(at pose: Pose, color: Color) -> DrawItem {
    let corners = PushTConstants.outline
    return .polyline(
      (corners + corners.prefix(2)).map { PushTEnvironment.onDrawing(pose.toWorld($0)) },
      width: 0.0015, color: color)
  }

  /// Where the pusher is, on the drawing, m.
  public var tip: Vec2 { PushTEnvironment.onDrawing(simulation.pusher) }
  /// Where the pusher was last told to go, on the drawing, m.
  public var commandedTip: Vec2 { PushTEnvironment.onDrawing(target) }

  /// The targets of a chunk on the drawing, m, after the present one: `[horizon + 1]` points.
  public func commandedPath(of chunk: ActionChunk) -> [Vec2] {
    [commandedTip]
      + (0..<chunk.horizon).map { step in
        let action = chunk[step]
        return PushTEnvironment.onDrawing(
          PushTEnvironment.target(ofAction: action[0], action[1]))
      }
  }
}
