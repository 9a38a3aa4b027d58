// Settings as words, so that a recording can say how its environment was loaded, and be built again.

import PlanarCore

extension EnvironmentSettings {
  /// Everything but the randomization level that is not as it is by default, by option, such as
  /// `["set.friction": "0.3", "robot": "gantry", "image": "64x64"]`.
  public var variation: [String: String] {
    let usual = EnvironmentSettings()
    var record: [String: String] = [:]
    for (item, value) in pins { record[Self.pinPrefix + item] = "\(value)" }
    record["robot"] = robot
    for (option, value) in options { record[option] = value.plain }
    if language != usual.language { record["language"] = language.rawValue }
    if split != usual.split { record["split"] = split.rawValue }
    if let image { record["image"] = "\(image.width)x\(image.height)" }
    if let touch { record["touch"] = "\(touch)" }
    record["action_space"] = actionSpace?.rawValue
    return record
  }

  private static var pinPrefix: String { "set." }

  /// The settings of a recording.
  ///
  /// - Throws: `UserError` where an option or a value is not known.
  public init(randomization: String, variation: [String: String]) throws {
    self.init(randomization: randomization)
    for (option, value) in variation {
      switch option {
      case "robot": robot = value
      case "language": language = try Self.parse(option, value, CommandLanguage.init(rawValue:))
      case "split": split = try Self.parse(option, value, CommandSplit.init(rawValue:))
      case "action_space": actionSpace = try Self.parse(option, value, ActionSpace.Kind.init(rawValue:))
      case "touch": touch = try Self.parse(option, value, Bool.init)
      case "image":
        let sides = value.split(separator: "x").compactMap { Int($0) }
        image = try Self.parse(option, value) { _ in
          sides.count == 2 && sides.allSatisfy { $0 > 0 } ? (sides[0], sides[1]) : nil
        }
      case _ where option.hasPrefix(Self.pinPrefix):
        pins[String(option.dropFirst(Self.pinPrefix.count))] = try Self.parse(option, value, Double.init)
      case _ where taskRegistry.entries.contains { $0.options.contains { $0.name == option } }:
        options[option] = try Self.parse(option, value, Double.init)
      default:
        throw UserError("this program does not know the variation '\(option)' of an environment")
      }
    }
  }

  private static func parse<Value>(
    _ option: String, _ text: String, _ value: (String) -> Value?
  ) throws -> Value {
    guard let value = value(text) else {
      throw UserError("the variation '\(option)' of an environment cannot be '\(text)'")
    }
    return value
  }
}
