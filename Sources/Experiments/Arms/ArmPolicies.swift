// The policies of an experiment: loaded, or trained into its folder, where a stopped run finds them again.

import Foundation
import PlanarCore
import PlanarLearning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes

/// A policy that drives, and what its training said of it.
struct ArmPolicy {
  var policy: TrainedPolicy
  /// The last validation loss; nil of a checkpoint that was there before.
  var validationLoss: Double?
}

/// Loads and trains what a plan's arms drive with.
struct ArmPolicies {
  var plan: ArmPlan
  var setting: ExperimentSetting

  /// The policy of an arm at a training seed; nil where training was stopped.
  ///
  /// - Parameter position: where the run is, for its progress; empty for nothing.
  /// - Throws: `UserError` where a checkpoint is missing or damaged, or a recipe cannot be carried out.
  func policy(_ source: PolicySource, named name: String, trainingSeed: UInt64, position: String = "") throws
    -> ArmPolicy?
  {
    switch source {
    case .expert: preconditionFailure("an expert is no policy")
    case .checkpoint(let checkpoint): return ArmPolicy(policy: try Checkpoint.load(Self.folder(of: checkpoint)))
    case .recipe(var recipe):
      recipe.training.seed = trainingSeed
      // Another training seed has other demonstrations too: far enough apart that no two share an episode.
      if recipe.data.driver != nil { recipe.data.firstSeed = SeedRanges.firstTraining + trainingSeed * 1_000_000 }
      let folder = trained(name, trainingSeed)
      try makeFolder(folder)
      var run = RecipeRun(recipe, folder: folder, threads: setting.threads)
      run.resumes = run.isBegun
      run.measures = false
      let progress = RenamedProgress(
        whole: setting.progress,
        name: "\(position.isEmpty ? "" : position + ": ")\(name), training seed \(trainingSeed)")
      guard try run.run(progress: progress, stop: setting.stop) == .complete else { return nil }
      let loss = try TrainingRun.records(in: folder).last { $0.validationLoss != nil }?.validationLoss
      return ArmPolicy(policy: try Checkpoint.load(folder), validationLoss: loss.map(Double.init))
    }
  }

  /// Where the checkpoint of a policy is or would be; nil for an expert.
  func checkpoint(of policy: ArmPlan.NamedSource, trainingSeed: UInt64) -> URL? {
    switch policy.source {
    case .expert: nil
    case .checkpoint(let name): Checkpoint.folder(of: name)
    case .recipe: trained(policy.name, trainingSeed)
    }
  }

  private func trained(_ name: String, _ trainingSeed: UInt64) -> URL {
    setting.folder.appendingPathComponent("policies/\(name)-seed\(trainingSeed)", isDirectory: true)
  }

  /// A checkpoint's folder.
  ///
  /// - Throws: `UserError` where there is none of that name.
  static func folder(of checkpoint: String) throws -> URL {
    guard let folder = Checkpoint.folder(of: checkpoint) else {
      throw UserError(
        "the experiment needs the checkpoint '\(checkpoint)', which is not under Assets/checkpoints; fetch the repository's files again"
      )
    }
    return folder
  }
}

/// Progress whose stages say whose they are.
private struct RenamedProgress: ProgressReporter {
  var whole: any ProgressReporter
  var name: String

  func report(stage: String, done: Int, total: Int, note: String) {
    whole.report(stage: "\(name): \(stage)", done: done, total: total, note: note)
  }
}
