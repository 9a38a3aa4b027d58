// What policies are shown of the table, with the sensors' noise.

import PlanarCore
import PlanarPhysics
import PolicyInterface
import SceneDrawing

enum ArmObservation {
  /// The layout of observations and actions.
  static func features(of specification: EnvironmentSpecification) -> FeatureSet {
    FeatureSet(
      proprioception: proprioception(specification), objects: objects(specification),
      action: action(specification), image: image(specification), touch: touch(specification))
  }

  /// Elements with their bounds, in the order of an observation.
  private struct Elements {
    var names: [String] = []
    var bounds: [FeatureSpec.Bounds] = []

    mutating func add(_ name: String, _ least: Double, _ greatest: Double) {
      names.append(name)
      bounds.append(FeatureSpec.Bounds(Float(least), Float(greatest)))
    }

    func spec(_ name: String, shape: [Int]? = nil) -> FeatureSpec {
      FeatureSpec(name: name, shape: shape ?? [names.count], elements: names, bounds: bounds)
    }
  }

  private static func proprioception(_ specification: EnvironmentSpecification) -> FeatureSpec {
    var elements = Elements()
    let joints = 0..<specification.robot.jointCount
    // Joints turn freely, and noise comes on top: a few turns bound what an episode can reach.
    for i in joints { elements.add("joint\(i) (rad)", -100, 100) }
    for i in joints { elements.add("joint\(i)_velocity (rad/s)", -500, 500) }
    addPlace("tip", to: &elements, specification)
    addPlace("commanded_tip", to: &elements, specification)
    if let gripper = specification.robot.gripper {
      elements.add("gripper_opening (m)", -0.01, gripper.maximumOpening + 0.01)
    }
    for element in specification.task.observedElements(of: specification) {
      elements.add(element.name, element.bounds.lowerBound, element.bounds.upperBound)
    }
    return elements.spec("observation.state")
  }

  /// A place that lies on the table, or with noise or a strong shove a little beside it.
  private static func addPlace(
    _ name: String, to elements: inout Elements, _ specification: EnvironmentSpecification
  ) {
    let table = specification.table
    let margin = 1.0
    elements.add("\(name)_x (m)", table.min.x - margin, table.max.x + margin)
    elements.add("\(name)_y (m)", table.min.y - margin, table.max.y + margin)
  }

  private static func objects(_ specification: EnvironmentSpecification) -> FeatureSpec {
    var elements = Elements()
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
      "observation.environment_state", shape: [specification.tokenCount, elements.names.count])
  }

  private static func action(_ specification: EnvironmentSpecification) -> FeatureSpec {
    var elements = Elements()
    switch specification.action.kind {
    case .tipMove:
      elements.add("tip_dx (1 = action_step)", -1, 1)
      elements.add("tip_dy (1 = action_step)", -1, 1)
    case .tipTarget:
      elements.add("tip_x (1 = the table's edge)", -1, 1)
      elements.add("tip_y (1 = the table's edge)", -1, 1)
    }
    if specification.robot.gripper != nil { elements.add("gripper (1 = open, -1 = closed)", -1, 1) }
    return elements.spec("action")
  }

  private static func image(_ specification: EnvironmentSpecification) -> FeatureSpec? {
    guard let size = specification.sensors.image else { return nil }
    var elements = Elements()
    for name in ["red", "green", "blue"] { elements.add(name, 0, 255) }
    return elements.spec("observation.images.top", shape: [size.height, size.width, 3])
  }

  private static func touch(_ specification: EnvironmentSpecification) -> FeatureSpec? {
    guard specification.sensors.touch else { return nil }
    var elements = Elements()
    for part in specification.robot.touchParts {
      elements.add("\(part)_force_x (N)", -maximumForce, maximumForce)
      elements.add("\(part)_force_y (N)", -maximumForce, maximumForce)
    }
    return elements.spec("observation.touch")
  }

  /// What a touch sensor tells at most, N along each axis.
  static let maximumForce = 50.0
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

extension RobotSpecification {
  /// The parts with a sense of touch, by name.
  var touchParts: [String] { gripper == nil ? ["tip"] : ["left_finger", "right_finger"] }
}

extension ArmEnvironment {
  /// Joint sensors err first, and the tip is where they say; velocities are those of the true joints.
  mutating func observe() -> Observation {
    Observation(
      proprioception: observedProprioception(), objects: observedObjects(), command: info.command,
      image: specification.sensors.image == nil ? [] : topImage(),
      touch: specification.sensors.touch ? observedTouch() : [])
  }

  private mutating func observedProprioception() -> [Float] {
    let arm = world.arm
    var values: [Float] = []
    values.reserveCapacity(2 * arm.jointCount + 5)
    var tip = self.tip
    if arm.jointCount > 0 {
      var q = arm.q
      for i in 0..<arm.jointCount { q[i] = sensors.noisy(q[i] + sensors.jointBias[i], sensors.jointNoise) }
      tip = arm.tool(at: ArmKinematics(arm, at: q))
      for i in 0..<arm.jointCount { values.append(Float(q[i])) }
      for i in 0..<arm.jointCount { values.append(Float(arm.velocity[i])) }
    }
    for value in [tip.x, tip.y, commandedTip.x, commandedTip.y] { values.append(Float(value)) }
    if arm.gripper != nil { values.append(Float(arm.jaw.opening)) }
    for value in specification.task.observe(self) {
      values.append(Float(sensors.noisy(value, sensors.positionNoise)))
    }
    return values
  }

  private mutating func observedObjects() -> [Float] {
    let width = features.objectFeatureCount
    let count = specification.tokenCount
    var values: [Float] = []
    values.reserveCapacity(count * width)
    for index in tokenOrder {
      let object = scene.objects[index]
      append(
        world.states[index], circumradius: object.circumradius, color: object.color,
        shape: object.shape, isObstacle: false, to: &values)
    }
    for (index, obstacle) in scene.obstacles.enumerated() {
      append(
        world.states[scene.objects.count + index], circumradius: obstacle.shape.circumradius,
        color: Appearance.obstacleColor, shape: nil, isObstacle: true, to: &values)
    }
    while values.count < count * width { values.append(0) }
    return values
  }

  private mutating func append(
    _ state: BodyState, circumradius: Double, color: Color, shape: ObjectShape?, isObstacle: Bool,
    to values: inout [Float]
  ) {
    let position = state.position + sensors.positionBias
    values.append(Float(sensors.noisy(position.x, sensors.positionNoise)))
    values.append(Float(sensors.noisy(position.y, sensors.positionNoise)))
    let rotation = Rotation(angle: sensors.noisy(state.angle, sensors.angleNoise))
    values.append(Float(rotation.cosine))
    values.append(Float(rotation.sine))
    values.append(Float(circumradius))
    values.append(color.red)
    values.append(color.green)
    values.append(color.blue)
    for known in ObjectShape.allCases { values.append(shape == known ? 1 : 0) }
    if specification.tokensTellPresence { values.append(1) }
    if specification.tokensTellObstacles { values.append(isObstacle ? 1 : 0) }
  }

  private func observedTouch() -> [Float] {
    let parts: [ArmPart] = specification.robot.gripper == nil ? [.tip] : [.finger(0), .finger(1)]
    return parts.flatMap { part -> [Float] in
      let force = world.touch(of: part).force
      let most = ArmObservation.maximumForce
      return [Float(min(max(force.x, -most), most)), Float(min(max(force.y, -most), most))]
    }
  }
}
