// The table of domain randomization: a line a factor, and beside it what a draw does.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// Every factor of domain randomization, in the order in which pages and help list them.
///
/// Files' keys and limits, the schema, the pages and `planar environment show` are made from it. A program outside
/// registers its own before it loads an environment:
///
/// ```swift
/// randomizationFactors.register(
///   RandomizationFactor("start_speed", .spread, .speed, 0...1, "farthest that objects begin to slide either way",
///     .world { world, draw in
///       for body in world.states.indices { world.states[body].velocity.x = draw.value(of: body) }
///     }))
/// ```
public let randomizationFactors = Registry<RandomizationFactor>(
  of: "randomization factor",
  lookFactors + cameraFactors + objectFactors + tableFactors + robotFactors + sensorFactors)

// What things look like.
private let lookFactors: [RandomizationFactor] = [
  RandomizationFactor(
    "color", .spread, .ratio, 0...1, stream: .looks,
    "farthest that a colour channel (0 to 1) of an object moves; it stays nearest to its own name",
    .object { $0.color = $0.color.varied(by: $1.most, among: $1.palette, using: &$1.stream) }),
  RandomizationFactor(
    "background", .spread, .ratio, 0...1, stream: .looks, "the same for the table",
    .appearance { $0.background.color = $0.background.color.shifted(by: $1.most, using: &$1.stream) }),
  RandomizationFactor(
    "light", .value, .ratio, 0...1,
    "strength of a light from a random side: its gradient, the shading of objects and their shadows",
    .appearance { $0.addLight(&$1) }),
  RandomizationFactor(
    "texture", .value, .ratio, 0...1, "strength of the table's texture", .appearance { $0.addTexture(&$1) }),
  RandomizationFactor(
    "brightness", .spread, .ratio, 0...1, "farthest that the picture's brightness moves, as a share",
    .appearance { $0.exposure.brightness = Float($1.value()) }),
  RandomizationFactor(
    "contrast", .spread, .ratio, 0...1, "farthest that the picture's contrast moves, as a share",
    .appearance { $0.exposure.contrast = 1 + Float($1.value()) }),
  RandomizationFactor(
    "prints", .value, .count, 0...12,
    "how many shapes in colours without a name are printed on the table, which nothing touches",
    .appearance { $0.addPrints(&$1) }),
]

// Where the camera is, and what it adds.
private let cameraFactors: [RandomizationFactor] = [
  RandomizationFactor(
    "camera_shift", .spread, .length, 0...1, "farthest that the camera is off its place, along each axis",
    .appearance { $0.camera.shift = Vec2($1.value(of: 0), $1.value(of: 1)) }),
  RandomizationFactor(
    "camera_angle", .spread, .angle, 0...1, "farthest that the camera is turned",
    .appearance { $0.camera.rotation = $1.value(of: 0) }),
  RandomizationFactor(
    "camera_zoom", .factor(logarithmic: false), .ratio, 0.2...5, "factor on the camera's scale",
    .appearance { $0.camera.zoom = $1.value(of: 0) }),
  RandomizationFactor(
    "camera_noise", .deviation, .ratio, 0...1, "noise of each pixel's channels (1 = full range)",
    .appearance { $0.cameraNoise = SensorNoise(deviation: Float($1.most)) }),
]

// Objects.
private let objectFactors: [RandomizationFactor] = [
  RandomizationFactor(
    "size", .factor(logarithmic: false), .ratio, 0.2...5, stream: .physics, "factor on an object's size",
    .object { $0.size = $1.value() }),
  RandomizationFactor(
    "mass", .factor(logarithmic: true), .ratio, 0.01...100, stream: .physics, "factor on an object's mass",
    .object { $0.mass = $1.value() }),
  RandomizationFactor(
    "contact_friction", .factor(logarithmic: false), .ratio, 0.01...100, stream: .physics,
    "factor on the friction of an object's rim", .object { $0.contactFriction = $1.value() }),
  RandomizationFactor(
    "support_friction", .factor(logarithmic: false), .ratio, 0.01...100, stream: .physics, alias: "friction",
    "factor on the friction between an object and the table", .object { $0.supportFriction = $1.value() }),
  RandomizationFactor(
    "restitution", .value, .ratio, 0...1, "how much an object bounces", .object { $0.restitution = $1.value() }),
]

// The table.
private let tableFactors: [RandomizationFactor] = [
  RandomizationFactor(
    "tilt", .value, .angle, 0...1, "how far the table is tilted, towards a random side", .table { $0.tilt(&$1) }),
  RandomizationFactor(
    "vibration", .value, .acceleration, 0...20,
    "amplitude of the table's acceleration to and fro, at 20 to 40 Hz along a random axis",
    .table { $0.vibrate(&$1) }),
]

// The robot.
private let robotFactors: [RandomizationFactor] = [
  RandomizationFactor(
    "motor_gain", .factor(logarithmic: true), .ratio, 0.01...100, stream: .physics,
    "factor on what every motor does", .robot { $0.motorGain = $1.value() }),
  RandomizationFactor(
    "link_mass", .factor(logarithmic: false), .ratio, 0.01...100, "factor on the mass of every link",
    .robot { $0.linkMass = $1.value() }),
  RandomizationFactor(
    "motor_lag", .value, .time, 0...1, "time constant of the motors' first-order lag",
    .robot { $0.motorLag = $1.value() }),
  RandomizationFactor(
    "backlash", .value, .angle, 0...0.5, "play between each motor and its joint", .robot { $0.backlash = $1.value() }),
  RandomizationFactor(
    "command_delay", .value, .time, 0...0.32, "time between a command and the motors' hearing of it",
    .robot { $0.commandDelay = $1.value() }),
  RandomizationFactor(
    "joint_friction", .value, .torque, 0...50, "Coulomb friction in every joint",
    .robot { $0.jointFriction = $1.value() }),
]

// Sensors.
private let sensorFactors: [RandomizationFactor] = [
  RandomizationFactor(
    "joint_noise", .deviation, .angle, 0...1, "noise of the joint angles that are observed, and with them of the tip",
    .sensors { $0.jointNoise = $1.most }),
  RandomizationFactor(
    "joint_bias", .spread, .angle, 0...1, "farthest that each joint sensor is off for a whole episode",
    .sensors { sensors, draw in
      for joint in 0..<Arm.maximumJoints {
        sensors.jointBias[joint] = draw.value(of: joint)
        draw.note("joint\(joint).bias", sensors.jointBias[joint])
      }
    }),
  RandomizationFactor(
    "position_noise", .deviation, .length, 0...1, "noise of the objects' observed positions",
    .sensors { $0.positionNoise = $1.most }),
  RandomizationFactor(
    "position_bias", .spread, .length, 0...1,
    "farthest that all observed positions are off for a whole episode, along each axis",
    .sensors { sensors, draw in
      sensors.positionBias = Vec2(draw.value(of: 0), draw.value(of: 1))
      draw.note("position_bias.x", sensors.positionBias.x)
      draw.note("position_bias.y", sensors.positionBias.y)
    }),
  RandomizationFactor(
    "angle_noise", .deviation, .angle, 0...10, "noise of the objects' observed angles",
    .sensors { $0.angleNoise = $1.most }),
]
