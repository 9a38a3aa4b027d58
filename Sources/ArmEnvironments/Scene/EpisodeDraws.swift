// What is drawn of robot, table and sensors at every reset. Each item beyond the first has a stream of its own, so
// that switching one on changes nothing else.

import PlanarCore

extension RandomizationLevel {
  /// Draws an item from its own stream of the episode's seed.
  func draw(_ item: RandomizationItem, seed: UInt64, index: Int = 0) -> Double {
    var stream = RandomStream(seed: seed, purpose: item.rawValue, index: index)
    return draw(item, using: &stream)
  }
}

extension RobotDraws {
  init(_ level: RandomizationLevel, seed: UInt64, physics: inout RandomStream) {
    motorGain = level.draw(.motorGain, using: &physics)
    linkMass = level.draw(.linkMass, seed: seed)
    motorLag = level.draw(.motorLag, seed: seed)
    backlash = level.draw(.backlash, seed: seed)
    commandDelay = level.draw(.commandDelay, seed: seed)
    jointFriction = level.draw(.jointFriction, seed: seed)
  }

  /// By name, for the record; what is nominal is left out, the gain excepted.
  var record: [String: Double] {
    var record = ["motor_gain": motorGain]
    if linkMass != 1 { record["link_mass"] = linkMass }
    if motorLag != 0 { record["motor_lag"] = motorLag }
    if backlash != 0 { record["backlash"] = backlash }
    if commandDelay != 0 { record["command_delay"] = commandDelay }
    if jointFriction != 0 { record["joint_friction"] = jointFriction }
    return record
  }
}

/// How the table lies and shakes.
public struct TableDraws: Equatable, Sendable {
  /// Acceleration along the table from its tilt, m/s².
  public var slope = Vec2.zero
  /// Amplitude and direction of the vibration's acceleration, m/s².
  public var vibration = Vec2.zero
  /// Hz
  public var vibrationFrequency = 30.0
  /// rad
  public var vibrationPhase = 0.0
  /// By name, for the record.
  private(set) var record: [String: Double] = [:]

  init(_ level: RandomizationLevel, seed: UInt64) {
    let tilt = level.draw(.tilt, seed: seed)
    if tilt != 0 {
      var side = RandomStream(seed: seed, purpose: "tilt direction")
      let direction = side.uniform(in: 0...(2 * Double.pi))
      slope = Rotation(angle: direction).direction * (9.81 * Rotation(angle: tilt).sine)
      record["tilt"] = tilt
      record["tilt_direction"] = direction
    }
    let amplitude = level.draw(.vibration, seed: seed)
    if amplitude != 0 {
      var axis = RandomStream(seed: seed, purpose: "vibration axis")
      let direction = axis.uniform(in: 0...Double.pi)
      vibration = Rotation(angle: direction).direction * amplitude
      vibrationFrequency = axis.uniform(in: 20...40)
      vibrationPhase = axis.uniform(in: 0...(2 * Double.pi))
      record["vibration"] = amplitude
      record["vibration_direction"] = direction
      record["vibration_frequency"] = vibrationFrequency
    }
  }

  /// The table's acceleration by its vibration at a time (s) from the episode's start, m/s².
  func shaking(at time: Double) -> Vec2 {
    vibration * Rotation(angle: 2 * Double.pi * vibrationFrequency * time + vibrationPhase).sine
  }
}

/// What the sensors add, drawn once an episode or at every observation.
struct SensorDraws: Sendable {
  var jointNoise = 0.0
  var positionNoise = 0.0
  var angleNoise = 0.0
  /// rad, of each joint.
  var jointBias = SIMD4<Double>.zero
  /// m
  var positionBias = Vec2.zero
  private var stream = RandomStream(seed: 0)
  /// Where the camera's noise comes from.
  var cameraStream = RandomStream(seed: 0)

  init(_ level: RandomizationLevel, seed: UInt64) {
    jointNoise = level.most(.jointNoise)
    positionNoise = level.most(.positionNoise)
    angleNoise = level.most(.angleNoise)
    if level.most(.jointBias) > 0 {
      for i in 0..<4 { jointBias[i] = level.draw(.jointBias, seed: seed, index: i) }
    }
    if level.most(.positionBias) > 0 {
      positionBias = Vec2(
        level.draw(.positionBias, seed: seed), level.draw(.positionBias, seed: seed, index: 1))
    }
    stream = RandomStream(seed: seed, purpose: "sensor noise")
    cameraStream = RandomStream(seed: seed, purpose: "camera noise")
  }

  /// A value with normal noise of a standard deviation; without noise nothing is drawn.
  mutating func noisy(_ value: Double, _ deviation: Double) -> Double {
    deviation > 0 ? value + deviation * stream.normal() : value
  }

  /// By name, for the record.
  var record: [String: Double] {
    var record: [String: Double] = [:]
    if jointBias != .zero {
      for i in 0..<4 { record["joint\(i).bias"] = jointBias[i] }
    }
    if positionBias != .zero {
      record["position_bias.x"] = positionBias.x
      record["position_bias.y"] = positionBias.y
    }
    return record
  }
}
