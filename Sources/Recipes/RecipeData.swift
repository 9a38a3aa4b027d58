// From a recipe's data section to labels: recorded in memory, or read from a dataset.

import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// What a policy is trained on, and where it comes from.
struct RecipeData {
  var labels: LabelSet
  /// The name of the environment.
  var environment: String
  /// How it was loaded.
  var settings: EnvironmentSettings
  var provenance: [String: String]
  /// What the maker should know, such as damaged shards that were left out.
  var warnings: [String] = []
}

extension Recipe {
  /// The worlds of the data, one a robot.
  ///
  /// - Throws: `UserError` where the environment or a robot is not known.
  func worlds() throws -> [any LibraryEnvironment] {
    let robots: [String?] = robots.isEmpty ? [nil] : robots
    return try robots.map {
      try EnvironmentLibrary.environment(named: environment, settings: data.settings(robot: $0))
    }
  }

  /// Collects the labels; the same for any number of threads.
  ///
  /// - Parameter isStrict: damaged shards of a dataset are refused; otherwise left out with a warning.
  /// - Throws: `UserError` where an environment, an expert or a dataset is not there, or
  ///   robots differ in more than their proprioception.
  func loadData(
    threads: Int, isStrict: Bool, progress: any ProgressReporter, stop: StopFlag
  ) throws -> RecipeData {
    guard let driver = data.driver else {
      return try readDataset(URL(fileURLWithPath: data.source, isDirectory: true), isStrict: isStrict)
    }
    let worlds = try worlds()
    let demonstrations = data.demonstrations(by: driver)
    var labels = try emptyLabels(of: FeatureSet.joining(worlds.map(\.features)))
    var driven = 0
    // A few hundred episodes at a time: of what was driven, only labelled windows are kept.
    while driven < data.episodes, !stop.isRaised {
      let count = min(256, data.episodes - driven)
      let part = PartOfProgress(whole: progress, stage: "recording", offset: driven, total: data.episodes)
      let world = worlds[driven / 256 % worlds.count]
      try labels.append(
        try record(
          count, offset: driven, in: world, demonstrations, threads: threads, progress: part, stop: stop),
        of: world.features)
      driven += count
    }
    return RecipeData(
      labels: labels, environment: worlds[0].name, settings: data.settings(robot: robots.first),
      provenance: provenance(demonstrations.provenance(firstSeed: data.firstSeed)))
  }

  private func record<World: LibraryEnvironment>(
    _ count: Int, offset: Int, in world: World, _ demonstrations: Demonstrations, threads: Int,
    progress: any ProgressReporter, stop: StopFlag
  ) throws -> [Episode] {
    let plan = try demonstrations.plan(
      in: world, planner: data.plannerConfiguration, firstSeed: data.firstSeed, horizons: horizons, threads: threads)
    var episodes = try plan.episodes(count, offset: offset, progress: progress, stop: stop)
    if demonstrations.source == .planner { episodes.removeAll { !$0.success } }
    let labelled = demonstrations.labelled(episodes, horizon: horizons.prediction)
    guard data.mirror else { return labelled }
    return try labelled.flatMap { episode in
      guard let mirrored = world.mirrored(episode) else {
        throw UserError("'\(world.name)' is another task in a mirror; omit data.mirror")
      }
      return [episode, mirrored]
    }
  }

  /// What of the recipe is to be known of the data besides how it was driven.
  func provenance(_ driving: [String: String]) -> [String: String] {
    var facts = driving
    facts["recipe"] = name
    facts["randomization"] = data.settings.randomization
    facts["language"] = data.settings.language.rawValue
    facts["split"] = data.settings.split.rawValue
    facts.merge(data.settings.variation) { first, _ in first }
    if data.mirror { facts["mirror"] = "true" }
    if !robots.isEmpty { facts["robots"] = robots.joined(separator: " ") }
    if let teacher { facts["teacher"] = URL(fileURLWithPath: teacher).lastPathComponent }
    if let trunkFrom { facts["trunk_from"] = URL(fileURLWithPath: trunkFrom).lastPathComponent }
    return facts
  }

  /// The recipe with the environment of the dataset that it reads; itself where episodes are driven.
  ///
  /// - Throws: `UserError` where there is no such dataset, or it is of another environment than a path says.
  func withEnvironmentOfDataset() throws -> Recipe {
    guard data.driver == nil else { return self }
    let info = try EpisodeStore(reading: URL(fileURLWithPath: data.source, isDirectory: true)).info
    var recipe = self
    if EnvironmentLibrary.isPath(environment) {
      let name = try EnvironmentSummary(folder: EnvironmentLibrary.folder(of: environment)).name
      guard name == info.environment else {
        throw UserError("the dataset \(data.source) is of '\(info.environment)', not of '\(name)' at \(environment)")
      }
    } else {
      recipe.environment = info.environment
    }
    recipe.data.settings = try info.settings
    if recipe.robots.isEmpty, let robot = recipe.data.settings.robot { recipe.robots = [robot] }
    recipe.data.settings.robot = nil
    return recipe
  }

  /// The labels of a dataset. Shards that are damaged are left out, and nobody trains on less without being told:
  /// by a warning, and in the provenance of the checkpoint.
  private func readDataset(_ folder: URL, isStrict: Bool) throws -> RecipeData {
    var store = try EpisodeStore(reading: folder)
    store.readsImages = policy.observation.pictures > 0
    var labels = try emptyLabels(of: store.info.features)
    let damaged = try store.forEachShard(isStrict ? .strict : .usable) { shard, episodes in
      try store.requireFinite(episodes, ofShard: shard)
      try labels.append(episodes)
    }
    var provenance = store.info.provenance
    provenance["recipe"] = name
    provenance["randomization"] = store.info.randomization
    for (option, value) in store.info.variation { provenance[option] = value }
    var data = RecipeData(
      labels: labels, environment: store.info.environment, settings: try store.info.settings, provenance: provenance)
    if !damaged.isEmpty {
      data.provenance["damaged_shards"] = damaged.map(\.file).joined(separator: " ")
      let path = folder.relativePath
      data.warnings = damaged.map { "left out \($0.labels) labels of \(path): \($0.problem)" }
      data.warnings.append(
        "training on \(labels.count) of \(store.info.labelCount) labels; give --strict to refuse, or look with 'planar dataset check \(path)'"
      )
    }
    return data
  }
}

/// Reports a part of some work as progress of the whole.
public struct PartOfProgress: ProgressReporter {
  var whole: any ProgressReporter
  var stage: String
  var offset: Int
  var total: Int

  /// A part of some work that reports as the whole.
  ///
  /// - Parameters:
  ///   - offset: units of the whole that are done before the part begins.
  ///   - total: units of the whole.
  public init(whole: any ProgressReporter, stage: String, offset: Int, total: Int) {
    (self.whole, self.stage, self.offset, self.total) = (whole, stage, offset, total)
  }

  /// Reports to the whole, with this part's offset.
  public func report(stage: String, done: Int, total: Int, note: String) {
    whole.report(stage: self.stage, done: offset + done, total: self.total, note: note)
  }
}
