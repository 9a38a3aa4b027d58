// What domain randomization draws of robot, objects, looks, table and sensors at every reset.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// What the factors of a level make of one episode.
struct EpisodeDraws {
  var robot = RobotDraws()
  var objects: [ObjectDraws]
  var appearance = Appearance()
  var table = TableDraws()
  var sensors: SensorDraws
  /// By name; what is nominal is left out, but for the factors of shared streams.
  private(set) var record: [String: Double] = [:]

  /// Draws the robot's factors, then each object's, then all others, in the order of the table: those without a stream
  /// of their own are drawn one after another.
  ///
  /// - Parameters:
  ///   - colors: of each object, undisturbed.
  ///   - palette: the colours that commands name.
  ///   - bounds: the table's edges, m.
  init(
    _ level: RandomizationLevel, colors: [Color], palette: [Color], table bounds: WorldRectangle, seed: UInt64
  ) {
    objects = colors.map { ObjectDraws(color: $0) }
    sensors = SensorDraws(seed: seed)
    var physics = RandomStream(seed: seed, purpose: "physics")
    var looks = RandomStream(seed: seed, purpose: "appearance")
    var record: [String: Double] = [:]
    func draw(_ index: Int, object: Int? = nil, _ change: (inout FactorDraw) -> Void) {
      guard level.isDrawn(at: index, object: object) else { return }
      let stream = level.factors[index].stream
      let shared: RandomStream? = stream == .physics ? physics : stream == .looks ? looks : nil
      var draw = FactorDraw(
        level, at: index, object: object, seed: seed, palette: palette, table: bounds, shared: shared)
      change(&draw)
      if stream == .physics { physics = draw.stream } else if stream == .looks { looks = draw.stream }
      if !draw.record.isEmpty { record.merge(draw.record) { $1 } }
    }
    for (index, factor) in level.factors.enumerated() {
      if case .robot(let change) = factor.effect { draw(index) { change(&robot, &$0) } }
    }
    for object in objects.indices {
      for (index, factor) in level.factors.enumerated() {
        if case .object(let change) = factor.effect { draw(index, object: object) { change(&objects[object], &$0) } }
      }
    }
    for (index, factor) in level.factors.enumerated() {
      switch factor.effect {
      case .appearance(let change): draw(index) { change(&appearance, &$0) }
      case .table(let change): draw(index) { change(&table, &$0) }
      case .sensors(let change): draw(index) { change(&sensors, &$0) }
      case .robot, .object, .world: break
      }
    }
    for (index, object) in objects.enumerated() {
      record["object\(index).red"] = Double(object.color.red)
      record["object\(index).green"] = Double(object.color.green)
      record["object\(index).blue"] = Double(object.color.blue)
    }
    self.record = record.merging(appearance.record) { $1 }
  }
}

extension RandomizationLevel {
  /// Lets factors change a world that has been built.
  ///
  /// - Parameter bounds: the table's edges, m.
  /// - Returns: what they drew, by name, for the record.
  func change(_ world: inout World, table bounds: WorldRectangle, seed: UInt64) -> [String: Double] {
    var record: [String: Double] = [:]
    for (index, factor) in factors.enumerated() where isDrawn(at: index, object: nil) {
      guard case .world(let change) = factor.effect else { continue }
      var draw = FactorDraw(self, at: index, object: nil, seed: seed, palette: [], table: bounds, shared: nil)
      change(&world, &draw)
      record.merge(draw.record) { $1 }
    }
    return record
  }
}

/// What domain randomization drew of the robot.
public struct RobotDraws: Equatable, Sendable {
  /// Factors.
  public var motorGain = 1.0
  /// The factor on every link's mass.
  public var linkMass = 1.0
  /// s.
  public var motorLag = 0.0
  /// Time between a command and the motors' hearing of it, s.
  public var commandDelay = 0.0
  /// rad.
  public var backlash = 0.0
  /// N·m.
  public var jointFriction = 0.0
}

/// What domain randomization drew of one object.
public struct ObjectDraws: Equatable, Sendable {
  /// The object's colour in this episode.
  public var color: Color
  /// Factors on what the environment's file says.
  public var size = 1.0
  /// A multiple of the nominal mass.
  public var mass = 1.0
  /// A multiple of the nominal friction of the rim.
  public var contactFriction = 1.0
  /// A multiple of the nominal friction towards the table.
  public var supportFriction = 1.0
  /// How much it bounces, 0 to 1.
  public var restitution = 0.0
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

  /// Tilts the table towards a random side.
  mutating func tilt(_ draw: inout FactorDraw) {
    let tilt = draw.value()
    guard tilt != 0 else { return }
    var side = draw.stream("tilt direction")
    let direction = side.uniform(in: 0...(2 * Double.pi))
    slope = Rotation(angle: direction).direction * (9.81 * Rotation(angle: tilt).sine)
    draw.note("tilt_direction", direction)
  }

  /// Shakes the table along a random axis.
  mutating func vibrate(_ draw: inout FactorDraw) {
    let amplitude = draw.value()
    guard amplitude != 0 else { return }
    var axis = draw.stream("vibration axis")
    let direction = axis.uniform(in: 0...Double.pi)
    vibration = Rotation(angle: direction).direction * amplitude
    vibrationFrequency = axis.uniform(in: 20...40)
    vibrationPhase = axis.uniform(in: 0...(2 * Double.pi))
    draw.note("vibration_direction", direction)
    draw.note("vibration_frequency", vibrationFrequency)
  }

  /// The table's acceleration by its vibration at a time (s) from the episode's start, m/s².
  func shaking(at time: Double) -> Vec2 {
    vibration * Rotation(angle: 2 * Double.pi * vibrationFrequency * time + vibrationPhase).sine
  }
}

/// What the sensors add, drawn once an episode or at every observation.
public struct SensorDraws: Sendable {
  /// Standard deviations: rad, m, rad.
  public var jointNoise = 0.0
  /// Standard deviation of the noise on observed positions, m.
  public var positionNoise = 0.0
  /// Standard deviation of the noise on observed angles, rad.
  public var angleNoise = 0.0
  /// rad, of each joint.
  public var jointBias = SIMD4<Double>.zero
  /// m
  public var positionBias = Vec2.zero
  private var stream: RandomStream
  /// Where the camera's noise comes from.
  var cameraStream: RandomStream

  init(seed: UInt64) {
    stream = RandomStream(seed: seed, purpose: "sensor noise")
    cameraStream = RandomStream(seed: seed, purpose: "camera noise")
  }

  /// Goes on with the noise of other draws, of the same sensors with other deviations.
  mutating func takeStreams(of other: SensorDraws) {
    (stream, cameraStream) = (other.stream, other.cameraStream)
  }

  /// A value with normal noise of a standard deviation; without noise nothing is drawn.
  mutating func noisy(_ value: Double, _ deviation: Double) -> Double {
    deviation > 0 ? value + deviation * stream.normal() : value
  }
}
