// Options that several subcommands share.

import ArgumentParser
import PlanarArmEnvironments
import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarExperiments
import PlanarPlanning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts
import PlanarStudio

struct ThreadOptions: ParsableArguments {
  /// More than machines have; each thread takes memory.
  static let counts = 1...1024

  @Option(within: ThreadOptions.counts, help: "Worker threads; results do not depend on them. Default: one per core.")
  var threads = ProcessInfo.processInfo.activeProcessorCount
}

/// How the planner searches, for commands that take `planner` as a policy.
struct PlannerOptions: ParsableArguments {
  @Option(help: "Where the planner drives: predictive, cem or mppi.")
  var planner = PlannerConfiguration.Method.predictive

  @Option(within: PlannerConfiguration.sampleCounts, help: "Where the planner drives: plans tried in a round.")
  var planSamples = PlannerConfiguration().samples

  var configuration: PlannerConfiguration {
    PlannerConfiguration(
      method: planner, samples: planSamples, elites: min(PlannerConfiguration().elites, planSamples))
  }
}

extension PlannerConfiguration.Method: ExpressibleByArgument {}

extension DriverName {
  /// Who can drive an evaluation or a demo besides the policies of checkpoints, as the command line has it.
  static var evaluated: [String] { [DriverName.expert, .planner, .random].map(\.description) }
}

extension Driver where World: LibraryEnvironment {
  /// A driver named on the command line: a checkpoint folder, `expert`, `planner` or `random`.
  ///
  /// - Throws: `UserError` where the checkpoint cannot be used.
  init(
    named text: String, in world: World, planner: PlannerConfiguration, sampling: SamplingOptions? = nil
  ) throws {
    if let sampling, !sampling.isStandard, DriverName.evaluated.contains(text) {
      throw UserError(
        "'\(text)' is no network: --sampling-steps, --timestep-spacing, --guidance-scale, --inpainting and --weights are for the folder of a checkpoint"
      )
    }
    try self.init(DriverName(text), in: world, planner: planner) { path in
      let policy = try loadCheckpoint(path, or: DriverName.evaluated)
      return try sampling?.apply(to: policy) ?? policy
    }
  }
}

/// Loads a checkpoint named on the command line, by its folder or a shipped one's name, in a place where the words
/// `names` are possible too.
///
/// - Throws: `UserError` where there is no such folder or the checkpoint cannot be used.
func loadCheckpoint(_ path: String, or names: [String]) throws -> TrainedPolicy {
  guard FileManager.default.fileExists(atPath: path) || Checkpoint.folder(of: path) != nil else {
    let hint = nearestName(to: path, among: names + Checkpoint.shippedNames).map { " (did you mean '\($0)'?)" } ?? ""
    let words = names.map { "'\($0)'" }.joined(separator: " or ")
    throw UserError(
      "there is no checkpoint '\(path)'\(hint); give \(words), the name of a shipped checkpoint, or a folder that 'planar train' has made, with \(Checkpoint.configurationFile) and \(Checkpoint.weightsFile)"
    )
  }
  return try Checkpoint.load(Checkpoint.folder(of: path) ?? URL(fileURLWithPath: path, isDirectory: true))
}

extension WeightPrecision: ExpressibleByArgument {}

extension SessionWindow.Theme: ExpressibleByArgument {}
