// The table as it looks: one draw list for the window, for pictures and for camera observations.

import PlanarCore
import PlanarPhysics
import PolicyInterface
import SceneDrawing

extension PushEnvironment {
  /// Table, zones, objects and arm, from the bottom up.
  public var drawList: DrawList {
    var list = DrawList(
      bounds: specification.table, background: Background(color: scene.tableColor))
    list.items += zoneItems
    list.items += objectItems
    list.items += armItems(world.arm)
    return list
  }

  private var zoneItems: [DrawItem] {
    let ink = Color(hex: 0x6B6558)
    return specification.zones.flatMap { zone -> [DrawItem] in
      [
        .disc(
          center: zone.center, radius: specification.zoneRadius, fill: ink.opacity(0.10),
          outline: Outline(color: ink.opacity(0.45), width: 0.0015)),
        .text(zone.name, at: zone.center, height: 0.024, color: ink.opacity(0.7)),
      ]
    }
  }

  private var objectItems: [DrawItem] {
    zip(scene.objects, world.states).flatMap { object, state -> [DrawItem] in
      let outline = Outline(color: object.color.mixed(with: .black, by: 0.35), width: 0.002)
      let pose = Pose(position: state.position, rotation: Rotation(angle: state.angle))
      if case .disc(let radius) = object.body.shape {
        return [
          .disc(center: state.position, radius: radius, fill: object.color, outline: outline)
        ]
      }
      return object.body.shape.outlines.map {
        .polygon($0.map(pose.toWorld), fill: object.color, outline: outline)
      }
    }
  }

  /// Where the commanded tip would go under a chunk, starting where it is now, m.
  public func commandedPath(of chunk: ActionChunk) -> [Vec2] {
    var point = commandedTip
    var path = [point]
    for step in 0..<chunk.horizon {
      let action = chunk[step]
      point = workspace(
        point + Vec2(Double(action[0]), Double(action[1])) * specification.actionStep)
      path.append(point)
    }
    return path
  }
}
