// A recipe as its learning method sees it: demonstrations, an environment to collect in, untrained policies.

import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// The run of a recipe, for its learning method; remembers where the data came from.
final class RecipeLearning: LearningContext {
  let recipe: Recipe
  let folder: URL
  let threads: Int
  let isStrict: Bool
  let resumes: Bool
  let progress: any ProgressReporter
  let stop: StopFlag
  private let onNote: (String) -> Void
  /// What the method has asked for, without its labels.
  private var origin: RecipeData?

  init(
    _ recipe: Recipe, folder: URL, threads: Int, isStrict: Bool, resumes: Bool = false,
    onNote: @escaping (String) -> Void, progress: any ProgressReporter, stop: StopFlag
  ) {
    self.recipe = recipe
    self.folder = folder
    self.threads = threads
    self.isStrict = isStrict
    self.resumes = resumes
    self.onNote = onNote
    self.progress = progress
    self.stop = stop
  }

  var training: TrainingConfiguration {
    var training = recipe.training
    training.threads = threads
    return training
  }
  var horizons: Horizons { recipe.horizons }

  func note(_ line: String) { onNote(line) }

  func openFolder() throws -> URL {
    try makeFolder(folder)
    try PartialFile.write(try recipe.json(), to: folder.appendingPathComponent(RecipeRun.recipeFile))
    return folder
  }

  /// The method's labels with where they come from.
  ///
  /// - Throws: what the method throws.
  func data() throws -> RecipeData {
    let labels = try recipe.method.method.labels(in: self)
    guard var data = origin else {
      throw UserError("the method \(recipe.method.name) asked for neither demonstrations nor an environment")
    }
    data.labels = labels
    data.provenance.merge(recipe.method.method.provenance) { _, own in own }
    return data
  }

  func demonstrations() throws -> LabelSet {
    let data = try recipe.loadData(threads: threads, isStrict: isStrict, progress: progress, stop: stop)
    origin = data
    return data.labels
  }

  func collection() throws -> any LabelCollection {
    guard let driver = recipe.data.driver else {
      throw UserError(
        "the method \(recipe.method.name) needs an expert that labels, not a dataset; let data.source be expert or planner"
      )
    }
    let worlds = try recipe.worlds()
    guard worlds.count == 1 else {
      throw UserError("the method \(recipe.method.name) collects with one robot; name one in 'robots'")
    }
    var facts = recipe.provenance(["source": recipe.method.name, "first_seed": "\(recipe.data.firstSeed)"])
    if driver == .planner { facts["expert"] = "planner" }
    origin = RecipeData(
      labels: try recipe.emptyLabels(of: worlds[0].features), environment: worlds[0].name,
      settings: recipe.data.settings(robot: recipe.robots.first), provenance: facts)
    return try plan(in: worlds[0], driver)
  }

  private func plan<World: LibraryEnvironment>(
    in world: World, _ driver: DriverName
  ) throws -> any LabelCollection {
    let demonstrator = try driver.demonstrator(in: world, planner: recipe.data.plannerConfiguration)
    return CollectionPlan(
      world: world, expert: demonstrator.expert, driver: demonstrator.driver,
      firstSeed: recipe.data.firstSeed, labels: .everyFrames(recipe.data.labelStride),
      labelHorizon: recipe.horizons.prediction, threads: threads)
  }

  func emptyLabels(of features: FeatureSet) throws -> LabelSet { try recipe.emptyLabels(of: features) }

  func makePolicy(for labels: LabelSet) throws -> TrainablePolicy {
    guard var data = origin else {
      throw UserError("the method \(recipe.method.name) asked for neither demonstrations nor an environment")
    }
    data.labels = labels
    return try recipe.makePolicy(for: data, source: nil)
  }
}
