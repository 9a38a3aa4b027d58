// What policies are shown of the table, with the sensors' noise.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

enum ArmObservation {
  /// The layout of observations and actions.
  static func features(of specification: EnvironmentSpecification) -> FeatureSet {
    FeatureSet(
      proprioception: proprioception(specification), objects: objects(specification),
      action: action(specification), image: image(specification),
      imageArea: imageArea(specification), touch: touch(specification),
      robots: [specification.robot.model])
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
    var spec = elements.spec("action")
    if specification.robot.gripper != nil { spec.roles = [.motion, .motion, .gripper] }
    return spec
  }

  private static func image(_ specification: EnvironmentSpecification) -> FeatureSpec? {
    guard let size = specification.sensors.image else { return nil }
    var elements = Elements()
    for name in ["red", "green", "blue"] { elements.add(name, 0, 255) }
    return elements.spec("observation.images.top", shape: [size.height, size.width, 3])
  }

  private static func imageArea(_ specification: EnvironmentSpecification) -> PictureArea? {
    guard let size = specification.sensors.image else { return nil }
    let camera = Camera(bounds: specification.table, width: size.width, height: size.height)
    let corner = camera.unproject(.zero)
    return PictureArea(
      left: Float(corner.x), top: Float(corner.y), width: Float(Double(size.width) / camera.scale),
      height: Float(Double(size.height) / camera.scale))
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
    let counts = (features.proprioception.count, features.objects.count, features.touch?.count ?? 0)
    var objects: [Float] = []
    var touch: [Float] = []
    var image: [UInt8] = []
    let proprioception = [Float](unsafeUninitializedCapacity: counts.0) { proprioception, filled in
      objects = [Float](unsafeUninitializedCapacity: counts.1) { objects, filled in
        writeState(
          proprioception: UnsafeMutableBufferPointer(rebasing: proprioception[..<counts.0]),
          objects: UnsafeMutableBufferPointer(rebasing: objects[..<counts.1]))
        filled = counts.1
      }
      filled = counts.0
    }
    if specification.sensors.image != nil { image = topImage() }
    if counts.2 > 0 {
      touch = [Float](unsafeUninitializedCapacity: counts.2) { touch, filled in
        writeTouch(UnsafeMutableBufferPointer(rebasing: touch[..<counts.2]))
        filled = counts.2
      }
    }
    return Observation(
      proprioception: proprioception, objects: objects, command: info.command, image: image, touch: touch)
  }

  /// The same numbers, each array to its own place.
  mutating func writeObservation(
    proprioception: UnsafeMutableBufferPointer<Float>, objects: UnsafeMutableBufferPointer<Float>,
    image: UnsafeMutableBufferPointer<UInt8>, touch: UnsafeMutableBufferPointer<Float>
  ) {
    writeState(proprioception: proprioception, objects: objects)
    if specification.sensors.image != nil { _ = image.update(fromContentsOf: topImage()) }
    if specification.sensors.touch { writeTouch(touch) }
  }

  private mutating func writeState(
    proprioception: UnsafeMutableBufferPointer<Float>, objects: UnsafeMutableBufferPointer<Float>
  ) {
    var own = FeatureWriter(proprioception)
    writeProprioception(to: &own)
    own.finish()
    var tokens = FeatureWriter(objects)
    writeObjects(to: &tokens)
    tokens.finish()
  }

  private mutating func writeProprioception(to writer: inout FeatureWriter) {
    let joints = world.arm.jointCount
    var tip = self.tip
    if joints > 0 {
      var q = world.arm.q
      for i in 0..<joints { q[i] = sensors.noisy(q[i] + sensors.jointBias[i], sensors.jointNoise) }
      tip = world.arm.tool(at: ArmKinematics(world.arm, at: q))
      for i in 0..<joints { writer.append(q[i]) }
      for i in 0..<joints { writer.append(world.arm.velocity[i]) }
    }
    writer.append(tip.x)
    writer.append(tip.y)
    writer.append(commandedTip.x)
    writer.append(commandedTip.y)
    if world.arm.gripper != nil { writer.append(world.arm.jaw.opening) }
    for value in specification.task.observe(self) {
      writer.append(sensors.noisy(value, sensors.positionNoise))
    }
  }

  private mutating func writeObjects(to writer: inout FeatureWriter) {
    let flags = TokenFlags(
      presence: specification.tokensTellPresence, obstacle: specification.tokensTellObstacles)
    for place in tokenOrder.indices {
      let index = tokenOrder[place]
      write(
        world.states[index], circumradius: scene.objects[index].circumradius, color: scene.objects[index].color,
        shape: scene.objects[index].shape, isObstacle: false, flags, to: &writer)
    }
    for index in scene.obstacles.indices {
      write(
        world.states[scene.objects.count + index], circumradius: scene.obstacles[index].shape.circumradius,
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

  private func writeTouch(_ touch: UnsafeMutableBufferPointer<Float>) {
    var writer = FeatureWriter(touch)
    func write(_ part: ArmPart) {
      let force = world.touch(of: part).force
      let most = ArmObservation.maximumForce
      writer.append(min(max(force.x, -most), most))
      writer.append(min(max(force.y, -most), most))
    }
    if specification.robot.gripper == nil {
      write(.tip)
    } else {
      write(.finger(0))
      write(.finger(1))
    }
    writer.finish()
  }
}

/// Fills an array from the front.
private struct FeatureWriter {
  private let buffer: UnsafeMutableBufferPointer<Float>
  private var place = 0

  init(_ buffer: UnsafeMutableBufferPointer<Float>) { self.buffer = buffer }

  mutating func append(_ value: Float) {
    precondition(place < buffer.count, "more numbers than the feature declares")
    buffer.baseAddress!.advanced(by: place).initialize(to: value)
    place += 1
  }

  mutating func append(_ value: Double) { append(Float(value)) }

  /// Zeroes what is left.
  func finish() {
    for rest in place..<buffer.count { buffer.baseAddress!.advanced(by: rest).initialize(to: 0) }
  }
}
