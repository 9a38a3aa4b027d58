// Recipes as files: YAML that people write, over the defaults of the head and the size that it names.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarLearning
import PlanarPolicies
import Yams

extension Recipe {
  /// Reads a recipe. What the file leaves away has its default; keys are those of this type in snake case.
  ///
  /// - Throws: `UserError` with file and line where a key is unknown, or a value has the wrong type or is out of
  ///   range.
  public init(reading url: URL) throws {
    let file = url.relativePath
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw UserError("there is no recipe \(file) that can be read; the shipped ones are in Assets/recipes")
    }
    try self.init(yaml: text, file: file)
  }

  /// Reads a recipe's text.
  ///
  /// - Parameter file: what errors call it.
  /// - Throws: as `init(reading:)`.
  public init(yaml text: String, file: String) throws {
    guard let node = try yamlNode(text, file: file).map(Self.withMethod) else {
      throw UserError("\(file) is empty; a recipe names at least a head, as in 'head: {name: flow}'")
    }
    // The head and the size first: what the rest is by default depends on them.
    let given = try RecipeNode(file: file, node: node, over: nil)
    guard let headNode = given.value("head"), let headName = headNode.value("name") else {
      throw UserError(
        "\(file): the key 'head.name' is missing; give one of \(HeadChoice.names.joined(separator: ", "))")
    }
    let head: HeadChoice
    do { head = try HeadChoice(named: headName.decode(String.self)) } catch let error as UserError {
      throw headName.place(error)
    }
    let size = try given.value("policy")?.value("size")?.decode(PolicySize.self) ?? .small
    var standard = Recipe(name: Self.fileName(of: file), head: head, size: size)
    if let name = given.value("method")?.value("name") {
      do { standard.method = try LearningMethodChoice(named: name.decode(String.self)) } catch let error as UserError {
        throw name.place(error)
      }
    }
    if let kind = given.value("policy")?.value("expert")?.value("kind") {
      let kind = try kind.decode(ActionExpertConfiguration.Kind.self)
      if kind != standard.policy.expert.kind { standard.policy.expert = ActionExpertConfiguration(kind) }
    }
    if let encoder = given.value("policy")?.value("text")?.value("encoder") {
      standard.policy.text = TextRecipe(size: size, encoder: try encoder.decode(TextRecipe.Encoder.self))
    }
    let merged = try RecipeNode(file: file, node: node, over: Self.node(of: standard))
    self = try merged.decode(Recipe.self)
    try merged.refuseUnknownKeys()
    if let threads = given.value("training")?.value("threads") {
      throw threads.error("is no matter of a recipe: results do not depend on it; give --threads")
    }
    do { try validate() } catch let error as UserError { throw UserError("\(file): \(error.message)") }
  }

  /// A value as YAML; JSON is YAML.
  private static func node(of recipe: Recipe) throws -> Node? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return try Yams.compose(yaml: String(decoding: try encoder.encode(recipe), as: UTF8.self))
  }

  /// A recipe whose learning method stands as `method: {name: …, options: …}`: `method: dagger` is its short form, and
  /// a section `dagger` is read as the options of that method.
  private static func withMethod(_ node: Node) -> Node {
    guard case .mapping(var mapping) = node else { return node }
    if let name = mapping["method"], case .scalar = name { mapping["method"] = ["name": name] }
    if let options = mapping["dagger"], mapping["method"] == nil {
      mapping["method"] = Node.mapping(
        Node.Mapping([("name", Node.scalar(.init("dagger"))), ("options", options)]))
      mapping["dagger"] = nil
    }
    return .mapping(mapping)
  }

  /// Where the shipped recipes are.
  public static func shippedFolder() throws -> URL {
    try ProjectFolder.require("Assets/recipes")
  }

  /// The name of the recipe in a file that does not say.
  private static func fileName(of file: String) -> String {
    URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
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
