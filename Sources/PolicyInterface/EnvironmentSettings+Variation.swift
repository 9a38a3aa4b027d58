// Settings as words, so that a recording can say how its environment was loaded, and be built again.

import PlanarCore

extension EnvironmentSettings {
  /// Everything but the randomization level that is not as it is by default, by option, such as
  /// `["set.friction": "0.3", "robot": "gantry", "image": "64x64"]`, and the task's options by their names.
  public var variation: [String: String] {
    let usual = EnvironmentSettings()
    guard let own = try? SettingsNode(encoding: self), let standard = try? SettingsNode(encoding: usual) else {
      preconditionFailure("the numbers of an environment's settings are finite")
    }
    let defaults = standard.leaves
    var words: [String: String] = [:]
    for (path, value) in own.leaves where defaults[path] != value && path != "randomization" {
      // A task's options have names of their own.
      words[path.hasPrefix("options.") ? String(path.dropFirst("options.".count)) : path] = value
    }
    for (item, value) in pins { words[Self.pinPrefix + item] = "\(value)" }
    return words
  }

  private static var pinPrefix: String { "set." }
  private static var names: Set<String> {
    ["robot", "language", "split", "image", "touch", "action_space", "rung"]
  }

  /// The settings of a recording.
  ///
  /// - Throws: `UserError` where a value is not understood.
  public init(randomization: String, variation: [String: String]) throws {
    let file = "the variation of an environment"
    var entries: [(key: String, value: SettingsNode)] = []
    var pins: [(key: String, value: SettingsNode)] = []
    var options: [(key: String, value: SettingsNode)] = []
    for (word, text) in variation.sorted(by: { $0.key < $1.key }) {
      let node = SettingsNode(file: file, path: word, style: .snakeCase, content: .word(text))
      if word.hasPrefix(Self.pinPrefix) {
        pins.append((String(word.dropFirst(Self.pinPrefix.count)), node))
      } else if Self.names.contains(word) {
        entries.append((word, node))
      } else {
        options.append((word, node))
      }
    }
    entries.append(("set", SettingsNode(file: file, style: .snakeCase, content: .mapping(pins))))
    entries.append(("options", SettingsNode(file: file, style: .snakeCase, content: .mapping(options))))
    self = try SettingsNode(file: file, style: .snakeCase, content: .mapping(entries)).decode(Self.self)
    self.randomization = randomization
  }
}
