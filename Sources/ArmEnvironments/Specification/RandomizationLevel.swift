// How far each episode's world may differ from the nominal one (domain randomization, Tobin et al. 2017).

import PlanarCore

/// One level of domain randomization: what is drawn anew at every reset.
public struct RandomizationLevel: Equatable, Sendable {
  public var name: String
  /// The farthest that a colour channel of an object moves, 0 to 1.
  public var color = 0.0
  /// The same for the table.
  public var background = 0.0
  /// Factors [least, greatest] on the nominal value; masses are drawn on a logarithmic scale.
  public var size = 1.0...1.0
  public var mass = 1.0...1.0
  public var contactFriction = 1.0...1.0
  public var supportFriction = 1.0...1.0
  public var motorGain = 1.0...1.0
  /// Standard deviations of sensor noise: joint angles (rad), object positions (m) and angles (rad).
  public var jointNoise = 0.0
  public var positionNoise = 0.0
  public var angleNoise = 0.0

  static func read(_ name: String, from reader: SpecReader) throws -> RandomizationLevel {
    let section = try reader.section(name)
    try section.allow(only: [
      "color", "background", "size", "mass", "contact_friction", "support_friction", "motor_gain",
      "joint_noise", "position_noise", "angle_noise",
    ])
    func number(_ key: String, upTo limit: Double) throws -> Double {
      section.has(key) ? try section.number(key, in: 0...limit) : 0
    }
    func factor(_ key: String) throws -> ClosedRange<Double> {
      guard section.has(key) else { return 1...1 }
      let range = try section.range(key)
      guard range.lowerBound > 0 else {
        throw UserError("\(section.file): '\(section.path).\(key)' must hold positive factors")
      }
      return range
    }
    var level = RandomizationLevel(name: name)
    level.color = try number("color", upTo: 1)
    level.background = try number("background", upTo: 1)
    level.size = try factor("size")
    level.mass = try factor("mass")
    level.contactFriction = try factor("contact_friction")
    level.supportFriction = try factor("support_friction")
    level.motorGain = try factor("motor_gain")
    level.jointNoise = try number("joint_noise", upTo: 1)
    level.positionNoise = try number("position_noise", upTo: 1)
    level.angleNoise = try number("angle_noise", upTo: 10)
    return level
  }
}
