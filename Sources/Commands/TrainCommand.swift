// planar train: a recipe, or one head with options.

import ArgumentParser
import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarCore
import PlanarExperiments
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes

/// How a policy is trained, for `train` and `dagger`.
struct TrainingOptions: ParsableArguments {
  @Option(within: TrainingConfiguration.Limits.steps, help: "Gradient steps. Default: 8000.")
  var steps: Int?

  @Option(within: TrainingConfiguration.Limits.batchSize, help: "Labelled windows per step. Default: 256.")
  var batchSize: Int?

  @Option(
    within: TrainingConfiguration.Limits.learningRate,
    help: "Peak learning rate; it rises over a warm-up and falls along a cosine. Default: 0.002.")
  var learningRate: Float?

  @Option(help: "Size of the network: small or regular. Default: small.")
  var size: PolicySize?

  @Option(within: SeedRanges.all, help: "Seed of weights, batches and noise. Default: 1.")
  var trainingSeed: UInt64?

  /// Puts what is given into a recipe.
  func apply(to recipe: inout Recipe) {
    if let steps { recipe.training.steps = steps }
    if let batchSize { recipe.training.batchSize = batchSize }
    if let learningRate { recipe.training.learningRate = learningRate }
    if let size { recipe.policy.setSize(size) }
    if let trainingSeed { recipe.training.seed = trainingSeed }
  }
}

extension PolicySize: ExpressibleByArgument {}

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a policy on demonstrations: a recipe, or one head with options.",
    discussion: """
      A recipe is a YAML file that holds everything a checkpoint depends on;
      Assets/recipes has those of the shipped checkpoints, and its README.md
      explains every key. Options that are given count more than the recipe. A
      head's name is the recipe of that head on push with every key at its default.

      Heads: \(HeadChoice.names.joined(separator: ", ")).
      All share one trunk and one data set.

      Without --data, demonstrations are recorded first, and kept in memory only. At
      the end, what the recipe's evaluation lists is measured and MODEL-CARD.md
      written. 'tensorboard --logdir' and the run's folder shows the curves while
      they grow.

      Ctrl-C keeps the state, as SIGTERM and a lost terminal do; the same command
      with --resume goes on bit-identically, also after a kill.

      Examples:
        planar train Assets/recipes/push-flow.yaml --output runs/push-flow
        planar train flow --episodes 500 --steps 2000 --output runs/my-flow
        planar eval --policy runs/my-flow
      """)

  @Argument(help: "A recipe's file, or a head's name: \(HeadChoice.names.joined(separator: ", ")).")
  var recipe: String

  @Option(help: "A dataset folder made by 'planar record', in place of the recipe's demonstrations.")
  var data: String?

  @Flag(help: "Refuse a dataset with damaged shards. By default they are left out, with a warning.")
  var strict = false

  @OptionGroup var environment: EnvironmentOptions

  @Option(within: SeedRanges.counts, help: "Without --data: how many episodes to record. Default: 2000.")
  var episodes: Int?

  @OptionGroup var demonstrations: DemonstrationOptions
  @OptionGroup var training: TrainingOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: "Folder for the checkpoint, its card, log.jsonl and the training state. Default: runs/<time>-train-<name>.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  @Flag(inversion: .prefixedNo, help: "Measure what the recipe's evaluation lists.")
  var evaluation = true

  func run() throws {
    let original = try namedRecipe()
    var recipe = original
    try environment.apply(to: &recipe)
    if let data {
      recipe.data.source = data
      try requireSame(environment.givenEnvironment, as: data)
    }
    if recipe.data.driver == nil { try refuseRecordingOptions(recipe.data.source) }
    if let episodes { recipe.data.episodes = episodes }
    demonstrations.apply(to: &recipe)
    training.apply(to: &recipe)
    try recipe.validate()
    let claim = try folders.claim(output, name: "train-\(recipe.name)", as: .training)
    defer { claim.release() }
    var run = RecipeRun(recipe, folder: claim.folder, threads: threads.threads)
    run.resumes = folders.resume
    run.isStrict = strict
    run.measures = evaluation
    // Nobody else has the folders of this machine.
    let source = self.recipe.hasPrefix("/") ? URL(fileURLWithPath: self.recipe).lastPathComponent : self.recipe
    run.origin = try RecipeOrigin(command: "planar train \(source)", original: original, recipe: recipe)
    try carryOut(run)
  }

  /// Refuses what says how demonstrations are recorded where a dataset has them.
  ///
  /// - Throws: `UserError` that names the option.
  private func refuseRecordingOptions(_ dataset: String) throws {
    let given = environment.givenSettings + (episodes == nil ? [] : ["--episodes"]) + demonstrations.given
    guard let option = given.first else { return }
    throw UserError("\(option) says how demonstrations are recorded, but those of \(dataset) are; omit it")
  }

  /// Refuses an environment that is not the dataset's.
  ///
  /// - Throws: `UserError` that names both.
  private func requireSame(_ environment: String?, as data: String) throws {
    guard let environment else { return }
    let name = try EnvironmentSummary(folder: EnvironmentLibrary.folder(of: environment)).name
    let recorded = try EpisodeStore(reading: URL(fileURLWithPath: data, isDirectory: true)).info.environment
    guard name == recorded else {
      throw UserError("the dataset \(data) is of \(recorded), not of \(name); omit --environment")
    }
  }

  /// The recipe of a file, or of a head with defaults.
  private func namedRecipe() throws -> Recipe {
    if recipe.contains("/") || recipe.hasSuffix(".yaml") || recipe.hasSuffix(".yml") {
      return try loadRecipe(recipe)
    }
    return Recipe(name: recipe, head: try HeadChoice(named: recipe))
  }
}

/// The recipe of a file, here or among the shipped ones; old keys are noted.
///
/// - Throws: `UserError` where there is none, or it cannot be carried out.
func loadRecipe(_ path: String) throws -> Recipe {
  let isHere = path.hasPrefix("/") || FileManager.default.fileExists(atPath: path)
  let file = (isHere ? nil : ProjectFolder.find(path)) ?? URL(fileURLWithPath: path)
  return try Recipe(reading: file) { warn($0, as: "Note") }
}

/// Carries a recipe out, and says what came of it and what to do next.
func carryOut(_ run: RecipeRun) throws {
  let signals = StopSignals()
  tellReplacement(of: run.recipe.environment)
  var run = run
  run.onNote = {
    print($0)
    StandardStreams.flush()  // so that a log file shows each line as it comes
  }
  run.onWarning = { warn($0) }
  let folder = run.folder.relativePath
  switch try run.run(progress: ConsoleProgress(), stop: signals.flag) {
  case .complete:
    print("Checkpoint and card: \(folder)")
    // A checkpoint finds environments by name; one of the user's own is found by its path.
    let isElsewhere = EnvironmentLibrary.isPath(run.recipe.environment)
    suggest([
      NextCommand(
        ["eval", "--policy", folder] + (isElsewhere ? ["--environment", run.recipe.environment] : []))
    ])
  case .stoppedBeforeTraining where !run.isBegun: print("Stopped before anything was trained")
  case .stoppedBeforeTraining, .stoppedInTraining, .stoppedInMeasuring: suggestResuming(folder)
  }
  try signals.exitIfStopped()
}

/// Says how the command under way goes on in its folder.
func suggestResuming(_ folder: String) {
  suggest([NextCommand.fromTheBeginning.resumed(in: folder)], saying: "Stopped; go on with:")
}
