// Objects and obstacles as tokens, with the sensors' noise.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

/// `observation.environment_state`: a token for each thing on the table.
struct ObjectSensor: ArmSensor {
  func feature(of specification: EnvironmentSpecification) -> FeatureSpec? {
    var elements = FeatureElements()
    let table = specification.table
    elements.add("x (m)", table.min.x - 1, table.max.x + 1)
    elements.add("y (m)", table.min.y - 1, table.max.y + 1)
    elements.add("cos_angle", -1, 1)
    elements.add("sin_angle", -1, 1)
    elements.add("circumradius (m)", 0, 1)
    for name in ["red", "green", "blue"] { elements.add(name, 0, 1) }
    for shape in ObjectShape.allCases { elements.add("is_\(shape.rawValue)", 0, 1) }
    if specification.tokensTellPresence { elements.add("is_present", 0, 1) }
    if specification.tokensTellObstacles { elements.add("is_obstacle", 0, 1) }
    return elements.spec(
      FeatureName.environmentState, shape: [specification.tokenCount, elements.names.count])
  }

  func write(_ environment: inout ArmEnvironment, to reading: SensorReading) {
    var writer = FeatureWriter(reading.floats)
    environment.writeObjects(to: &writer)
    writer.finish()
  }
}

extension EnvironmentSpecification {
  /// Object tokens: as many as there can be objects and obstacles.
  var tokenCount: Int { max(1, objects.count.upperBound + obstacleTokens) }
  /// Obstacles are told as tokens too.
  var obstacleTokens: Int { obstacles.count + task.furnishedObstacles }
  /// Whether a token can be empty.
  var tokensTellPresence: Bool { objects.count.count > 1 || objects.count.upperBound == 0 }
  var tokensTellObstacles: Bool { obstacleTokens > 0 }
}

extension ArmEnvironment {
  fileprivate mutating func writeObjects(to writer: inout FeatureWriter) {
    let flags = TokenFlags(
      presence: specification.tokensTellPresence, obstacle: specification.tokensTellObstacles)
    for token in tokenOrder.indices {
      let index = tokenOrder[token]
      write(
        physics.states[index], circumradius: scene.objects[index].circumradius, color: scene.objects[index].color,
        shape: scene.objects[index].shape, isObstacle: false, flags, to: &writer)
    }
    for index in scene.obstacles.indices {
      write(
        physics.states[scene.objects.count + index], circumradius: scene.obstacles[index].shape.circumradius,
        color: Appearance.obstacleColor, shape: nil, isObstacle: true, flags, to: &writer)
    }
  }

  private struct TokenFlags {
    var presence: Bool
    var obstacle: Bool
  }

  private mutating func write(
    _ state: BodyState, circumradius: Double, color: Color, shape: ObjectShape?, isObstacle: Bool,
    _ flags: TokenFlags, to writer: inout FeatureWriter
  ) {
    let position = state.position + sensors.positionBias
    writer.append(sensors.noisy(position.x, sensors.positionNoise))
    writer.append(sensors.noisy(position.y, sensors.positionNoise))
    let rotation = Rotation(angle: sensors.noisy(state.angle, sensors.angleNoise))
    writer.append(rotation.cosine)
    writer.append(rotation.sine)
    writer.append(circumradius)
    writer.append(color.red)
    writer.append(color.green)
    writer.append(color.blue)
    writer.append(shape == .disc ? 1 as Float : 0)
    writer.append(shape == .square ? 1 as Float : 0)
    writer.append(shape == .triangle ? 1 as Float : 0)
    if flags.presence { writer.append(1 as Float) }
    if flags.obstacle { writer.append(isObstacle ? 1 as Float : 0) }
  }
}
