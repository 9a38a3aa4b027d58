// Where a recipe comes from, so that a card can say how its checkpoint is made again.

import PlanarCore

/// The command of a run, and what options changed of the recipe that it names.
public struct RecipeOrigin: Equatable, Sendable {
  /// Such as `planar train Assets/recipes/push-flow.yaml`.
  public var command = "planar train"
  /// Such as `training.steps 100`.
  public var changes: [String] = []

  /// An origin of a recipe that comes from no file.
  public init() {}

  /// - Parameters:
  ///   - original: what the command names.
  ///   - recipe: what is carried out.
  public init(command: String, original: Recipe, recipe: Recipe) throws {
    self.command = command
    let (before, after) = (try Self.leaves(of: original), try Self.leaves(of: recipe))
    changes = Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }
      .map { "\($0) \(after[$0] ?? "omitted")" }
  }

  /// Every plain value of a recipe by its path, such as `training.steps`.
  private static func leaves(of recipe: Recipe) throws -> [String: String] {
    var recipe = recipe
    recipe.training.threads = 1
    return try SettingsNode(encoding: recipe).leaves
  }
}
