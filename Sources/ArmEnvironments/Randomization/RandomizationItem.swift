// What domain randomization can change (Tobin et al. 2017, arXiv 1703.06907; Peng et al. 2018, arXiv 1710.06537): one line
// an item.

/// One thing that may differ from episode to episode. Its raw value is the key in `environment.yaml` and on the command line.
public enum RandomizationItem: String, CaseIterable, Codable, Sendable {
  // What things look like.
  case color, background, light, texture, brightness, contrast, prints
  // Where the camera is, and what it adds.
  case cameraShift = "camera_shift"
  case cameraAngle = "camera_angle"
  case cameraZoom = "camera_zoom"
  case cameraNoise = "camera_noise"
  // Objects; drawn for each.
  case size, mass
  case contactFriction = "contact_friction"
  case supportFriction = "support_friction"
  case restitution
  // The table.
  case tilt, vibration
  // The robot.
  case motorGain = "motor_gain"
  case linkMass = "link_mass"
  case motorLag = "motor_lag"
  case backlash
  case commandDelay = "command_delay"
  case jointFriction = "joint_friction"
  // Sensors.
  case jointNoise = "joint_noise"
  case jointBias = "joint_bias"
  case positionNoise = "position_noise"
  case positionBias = "position_bias"
  case angleNoise = "angle_noise"

  /// What a range of the item means.
  public enum Kind: Hashable, Sendable {
    /// A factor on the nominal value, drawn evenly or, where `logarithmic`, evenly in its logarithm; nominally 1.
    case factor(logarithmic: Bool)
    /// A value drawn evenly from a range; nominally 0.
    case value
    /// The farthest that something moves either way: drawn evenly from −spread to spread; nominally 0.
    case spread
    /// The standard deviation of noise that is drawn anew at every observation; nominally 0.
    case deviation
  }

  public var kind: Kind {
    switch self {
    case .size, .contactFriction, .supportFriction, .cameraZoom, .linkMass: .factor(logarithmic: false)
    case .mass, .motorGain: .factor(logarithmic: true)
    case .light, .texture, .prints, .restitution, .tilt, .vibration, .motorLag, .backlash, .commandDelay,
      .jointFriction:
      .value
    case .color, .background, .brightness, .contrast, .cameraShift, .cameraAngle, .jointBias,
      .positionBias:
      .spread
    case .cameraNoise, .jointNoise, .positionNoise, .angleNoise: .deviation
    }
  }

  /// The value that changes nothing.
  public var nominal: Double {
    if case .factor = kind { 1 } else { 0 }
  }

  /// The unit of its values; empty for factors and shares.
  public var unit: String {
    switch self {
    case .cameraShift, .positionNoise, .positionBias: "m"
    case .cameraAngle, .tilt, .backlash, .jointNoise, .jointBias, .angleNoise: "rad"
    case .vibration: "m/s²"
    case .motorLag, .commandDelay: "s"
    case .jointFriction: "N·m"
    default: ""
    }
  }

  /// Between which bounds a file or a command line may set it.
  public var limits: ClosedRange<Double> {
    switch self {
    case .color, .background, .light, .texture, .brightness, .contrast, .cameraNoise, .restitution: 0...1
    case .prints: 0...12
    case .cameraShift, .positionNoise, .positionBias, .motorLag: 0...1
    case .cameraAngle, .jointNoise, .jointBias, .tilt: 0...1
    case .backlash: 0...0.5
    case .commandDelay: 0...0.32
    case .vibration: 0...20
    case .jointFriction: 0...50
    case .angleNoise: 0...10
    case .size, .cameraZoom: 0.2...5
    case .mass, .contactFriction, .supportFriction, .motorGain, .linkMass: 0.01...100
    }
  }

  /// Whether every object has its own draw.
  public var isPerObject: Bool {
    switch self {
    case .size, .mass, .contactFriction, .supportFriction, .restitution: true
    default: false
    }
  }

  /// One line for people.
  public var meaning: String {
    switch self {
    case .color: "farthest that a colour channel (0 to 1) of an object moves; it stays nearest to its own name"
    case .background: "the same for the table"
    case .light: "strength of a light from a random side: its gradient, the shading of objects and their shadows"
    case .texture: "strength of the table's texture"
    case .brightness: "farthest that the picture's brightness moves, as a share"
    case .contrast: "farthest that the picture's contrast moves, as a share"
    case .prints: "how many shapes in colours without a name are printed on the table, which nothing touches"
    case .cameraShift: "farthest that the camera is off its place, along each axis"
    case .cameraAngle: "farthest that the camera is turned"
    case .cameraZoom: "factor on the camera's scale"
    case .cameraNoise: "noise of each pixel's channels (1 = full range)"
    case .size: "factor on an object's size"
    case .mass: "factor on an object's mass"
    case .contactFriction: "factor on the friction of an object's rim"
    case .supportFriction: "factor on the friction between an object and the table"
    case .restitution: "how much an object bounces"
    case .tilt: "how far the table is tilted, towards a random side"
    case .vibration: "amplitude of the table's acceleration to and fro, at 20 to 40 Hz along a random axis"
    case .motorGain: "factor on what every motor does"
    case .linkMass: "factor on the mass of every link"
    case .motorLag: "time constant of the motors' first-order lag"
    case .backlash: "play between each motor and its joint"
    case .commandDelay: "time between a command and the motors' hearing of it"
    case .jointFriction: "Coulomb friction in every joint"
    case .jointNoise: "noise of the joint angles that are observed, and with them of the tip"
    case .jointBias: "farthest that each joint sensor is off for a whole episode"
    case .positionNoise: "noise of the objects' observed positions"
    case .positionBias: "farthest that all observed positions are off for a whole episode, along each axis"
    case .angleNoise: "noise of the objects' observed angles"
    }
  }
}
