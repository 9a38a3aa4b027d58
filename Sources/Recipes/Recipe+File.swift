// Recipes as files: YAML that people write, over the defaults of the head and the size that it names.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarLearning
import PlanarPolicies

extension Recipe {
  /// Reads a recipe. What the file omits has its default; keys are those of this type in snake case.
  ///
  /// - Parameter onNote: told, in a sentence each, which keys have new names.
  /// - Throws: `UserError` with file and line where a key is unknown, or a value has the wrong type or is out of
  ///   range.
  public init(reading url: URL, onNote: (String) -> Void = { _ in }) throws {
    let file = url.relativePath
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw UserError("there is no recipe \(file); the shipped ones are in Assets/recipes")
    }
    try self.init(yaml: settingsText(url, largest: 1 << 20), file: file, onNote: onNote)
  }

  /// Reads a recipe's text.
  ///
  /// - Parameters:
  ///   - file: what errors call it.
  ///   - onNote: told, in a sentence each, which keys have new names.
  /// - Throws: as `init(reading:)`.
  public init(yaml text: String, file: String, onNote: (String) -> Void = { _ in }) throws {
    guard let node = try SettingsNode(yaml: text, file: file).map(Self.withMethod) else {
      throw UserError("\(file) is empty; a recipe names at least a head, as in 'head: {name: flow}'")
    }
    guard case .mapping = node.content else {
      throw UserError("\(file):1: the file must be a mapping of keys to values, such as 'environment: push'")
    }
    self = try node.over(Recipe.standard(given: node)).decode(Recipe.self)
    try node.refuseUnknownKeys()
    if let threads = node.value("training")?.value("threads") {
      throw threads.error("is no matter of a recipe: results do not depend on it; give --threads")
    }
    do { try validate() } catch let error as UserError { throw UserError("\(file): \(error.message)") }
    node.notes.forEach(onNote)
  }

  /// The defaults of a recipe depend on its head and on the size and the kinds of its networks.
  private static func standard(given node: SettingsNode) throws -> Recipe {
    guard let headName = node.value("head")?.value("name") else {
      throw UserError(
        "\(node.file): the key 'head.name' is missing; give one of \(HeadChoice.names.joined(separator: ", "))")
    }
    let head: HeadChoice
    do { head = try HeadChoice(named: headName.decode(String.self)) } catch let error as UserError {
      throw headName.placed(error)
    }
    let networks = node.value("policy")
    let size = try networks?.value("size")?.decode(PolicySize.self) ?? .small
    let name = URL(fileURLWithPath: node.file).deletingPathExtension().lastPathComponent
    var standard = Recipe(name: name, head: head, size: size)
    if let name = node.value("method")?.value("name") {
      do { standard.method = try LearningMethodChoice(named: name.decode(String.self)) } catch let error as UserError {
        throw name.placed(error)
      }
    }
    if let kind = (networks?.value("decoder") ?? networks?.value("expert"))?.value("kind") {
      let kind = try kind.decode(ActionDecoderConfiguration.Kind.self)
      if kind != standard.policy.decoder.kind { standard.policy.decoder = ActionDecoderConfiguration(kind) }
    }
    if let encoder = networks?.value("text")?.value("encoder") {
      standard.policy.text = TextRecipe(size: size, encoder: try encoder.decode(TextRecipe.Encoder.self))
    }
    return standard
  }

  /// A recipe whose learning method stands as `method: {name: …, options: …}`: `method: dagger` is its short form, and
  /// a section `dagger` is read as the options of that method.
  private static func withMethod(_ node: SettingsNode) -> SettingsNode {
    guard case .mapping(var entries) = node.content else { return node }
    func method(_ value: SettingsNode, _ content: [(key: String, value: SettingsNode)]) -> SettingsNode {
      SettingsNode(
        file: value.file, path: "method", line: value.line, style: value.style, content: .mapping(content))
    }
    let index = entries.firstIndex { $0.key == "method" }
    if let index, case .scalar = entries[index].value.content {
      entries[index].value = method(entries[index].value, [("name", entries[index].value)])
    }
    if index == nil, let old = entries.firstIndex(where: { $0.key == "dagger" }) {
      let options = entries.remove(at: old).value
      let name = SettingsNode(
        file: options.file, path: "method.name", line: options.line, style: options.style, content: .word("dagger"))
      entries.append(("method", method(options, [("name", name), ("options", options)])))
    }
    return SettingsNode(
      file: node.file, path: node.path, line: node.line, style: node.style, content: .mapping(entries))
  }

  /// Where the shipped recipes are.
  public static func shippedFolder() throws -> URL {
    try ProjectFolder.require("Assets/recipes")
  }

  /// The recipe as JSON, whole, for the folder of its run.
  public func json() throws -> Data {
    var recipe = self
    recipe.training.threads = 1
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(recipe) + Data("\n".utf8)
  }
}

extension Recipe {
  /// A shipped recipe, by its name.
  ///
  /// - Throws: `UserError` where there is none of that name under `Assets/recipes`.
  public static func shipped(_ name: String) throws -> Recipe {
    try Recipe(reading: ProjectFolder.require("Assets/recipes/\(name).yaml"))
  }
}
