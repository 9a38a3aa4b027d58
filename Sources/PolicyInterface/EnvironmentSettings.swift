// How an environment is loaded: one value for command lines, recipes, datasets and checkpoints.

import PlanarCore

/// What can be said about an environment besides its files.
///
/// It stands in recipes (the keys of `data` and of each condition of `evaluation`), in checkpoints
/// (`environmentSettings` of config.json) and, as `variation`, with recorded data. Keys are in snake case in YAML.
public struct EnvironmentSettings: Defaulted, Equatable, Sendable {
  /// A randomization level of the environment's file.
  public var randomization = "train"
  /// Randomization items that are set to one value, such as `["support_friction": 0.3]`; the key is `set`.
  public var pins: [String: Double] = [:]
  /// A model of `Environments/robots` in place of the environment's own.
  public var robot: String?
  /// The language of drawn commands.
  public var language = CommandLanguage.english
  /// Which commands are drawn.
  public var split = CommandSplit.any
  /// The top camera's picture; nil leaves it to the environment's file.
  public var image: PictureSize?
  /// Whether contact forces are observed; nil leaves it to the file.
  public var touch: Bool?
  /// What the task lets one choose, by the names of its options.
  public var options: [String: Double] = [:]
  /// What the numbers of an action mean, such as `tip_target`; nil leaves it to the file.
  public var actionSpace: String?
  /// How hard the task is: 1 as its file stands, 2 and up by what the file lists under `rungs`.
  public var rung = 1

  /// A level of randomization, all else as it is by default.
  public init(randomization: String = "train") { self.randomization = randomization }

  /// What `rung` lies within.
  public static let rungs = 1...20

  /// Everything at its default.
  public static var standard: EnvironmentSettings { EnvironmentSettings() }
  /// Keys with a new name.
  public static var renamedKeys: [String: String] { ["segments": "options.segments"] }

  private enum CodingKeys: String, CodingKey {
    case randomization, robot, language, split, image, touch, options, actionSpace, rung
    case pins = "set"
  }

  /// What a policy that was trained so is measured on where nobody says otherwise: the same world, drawn from all of
  /// the task's commands, in the language that it was trained on, English among them.
  public var forMeasuring: EnvironmentSettings {
    var settings = self
    settings.split = .any
    if language == .any { settings.language = .english }
    return settings
  }
}

/// The size of a camera's picture, px. In files `64x48`, or one number for a square.
public struct PictureSize: Codable, Hashable, Sendable, CustomStringConvertible {
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// Sides that a camera has where people ask for it, px.
  public static let sides = 16...512
  /// Sides that are read, px.
  private static let readable = 1...1_024

  /// A size in pixels.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// A square picture.
  public init(side: Int) { self.init(width: side, height: side) }

  /// Such as `64x48`.
  public var description: String { "\(width)x\(height)" }

  /// - Throws: `UserError` where the value is no size.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let side = try? container.decode(Int.self) {
      self.init(side: side)
    } else {
      let text = try container.decode(String.self)
      let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard sides.count == 2 else {
        throw UserError("must be a picture's side or size in pixels, such as 64 or 64x48, not '\(text)'")
      }
      self.init(width: sides[0], height: sides[1])
    }
    guard Self.readable.contains(width), Self.readable.contains(height) else {
      throw UserError("must be a picture's size in pixels, not '\(self)'")
    }
  }

  /// Writes it as files have it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
