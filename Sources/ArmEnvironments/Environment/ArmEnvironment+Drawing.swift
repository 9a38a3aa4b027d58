// The table as it looks: one draw list for the window, for pictures and for camera observations.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

extension ArmEnvironment {
  /// Table, what the task draws on it, zones, obstacles, objects and robot, from the bottom up.
  public var drawList: DrawList {
    let appearance = scene.appearance
    var list = DrawList(
      bounds: specification.table, background: appearance.background, items: appearance.prints,
      light: appearance.light, exposure: appearance.exposure)
    list.items += episode?.drawing(of: self) ?? []
    list.items += zoneItems
    list.items += objectItems
    list.items += obstacleItems
    list.items += robotItems
    return list
  }

  private var zoneItems: [DrawItem] {
    let ink = Color(hex: 0x6B6558)
    return scene.zones.flatMap { zone -> [DrawItem] in
      [
        .disc(
          center: zone.center, radius: zone.radius, fill: ink.opacity(0.10),
          outline: Outline(color: ink.opacity(0.45), width: 0.0015)),
        .text(zone.name, at: zone.center, height: 0.024, color: ink.opacity(0.7)),
      ]
    }
  }

  private var objectItems: [DrawItem] {
    scene.objects.indices.flatMap { index in
      let object = scene.objects[index]
      return bodyItems(
        object.body.shape, physics.states[index], fill: object.color)
    }
  }

  /// A letter on each object.
  public var initials: [DrawItem] {
    scene.objects.indices.map { index in
      let object = scene.objects[index]
      let fill = object.color
      let isLight = 0.3 * fill.red + 0.59 * fill.green + 0.11 * fill.blue > 0.55
      return .text(
        object.colorName.prefix(1).uppercased(), at: physics.states[index].position,
        height: 0.65 * object.body.shape.circumradius, color: (isLight ? Color.black : .white).opacity(0.75))
    }
  }

  private var obstacleItems: [DrawItem] {
    scene.obstacles.indices.flatMap { index in
      bodyItems(
        scene.obstacles[index].shape, physics.states[scene.objects.count + index],
        fill: Appearance.obstacleColor)
    }
  }

  private func bodyItems(_ shape: BodyShape, _ state: BodyState, fill: Color) -> [DrawItem] {
    let outline = Outline(color: fill.mixed(with: .black, by: 0.35), width: 0.002)
    let pose = Pose(position: state.position, rotation: Rotation(angle: state.angle))
    let relief = Relief(height: 0.02, center: state.position, radius: shape.circumradius)
    if case .disc(let radius) = shape {
      return [
        .disc(center: state.position, radius: radius, fill: fill, outline: outline, relief: relief)
      ]
    }
    return shape.outlines.map {
      .polygon($0.map(pose.toWorld), fill: fill, outline: outline, relief: relief)
    }
  }

  private var robotItems: [DrawItem] {
    if case .gantry = specification.robot.body {
      return gantryItems(tip: tip, radius: specification.robot.tipRadius, table: specification.table)
    }
    return armItems(physics.arm)
  }

  /// Where the commanded tip would go under a chunk, starting where it is now, m.
  public func commandedPath(of chunk: ActionChunk) -> [Vec2] {
    specification.actionSpace.path(of: chunk, from: commandedTip)
  }

  /// The camera over the table, where it really is in this episode; `width` and `height` in px.
  public func topCamera(width: Int, height: Int) -> Camera {
    Camera(
      bounds: specification.table, width: width, height: height, pose: scene.appearance.camera)
  }

  /// The camera's picture, `[height, width, 3]`, with its noise.
  mutating func topImage() -> [UInt8] {
    guard let size = specification.sensors.image else { return [] }
    var bytes: [UInt8] = []
    topCamera(width: size.width, height: size.height).observe(
      drawList, noise: scene.appearance.cameraNoise, using: &sensors.cameraStream, into: &bytes)
    return bytes
  }
}
