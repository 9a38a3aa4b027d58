// Options that several subcommands share.

import ArgumentParser
import ArmEnvironments
import Foundation
import PlanarCore
import Policies
import PolicyInterface
import Rollouts

struct EnvironmentOptions: ParsableArguments {
  @Option(help: "The environment, a folder under Environments/.")
  var environment = "push"

  @Option(help: "How far each episode's world may differ from the nominal one: none, train or wide.")
  var randomization = "train"

  func make() throws -> PushEnvironment {
    try PushEnvironment(named: environment, randomization: randomization)
  }
}

struct ThreadOptions: ParsableArguments {
  @Option(help: "Worker threads; results do not depend on them. Default: one per core.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard threads > 0 else { throw ValidationError("--threads must be at least 1.") }
  }
}

/// A policy named on the command line: a checkpoint folder, `expert` or `random`.
struct NamedActor {
  var name: String
  var actor: Actor<PushEnvironment>

  /// - Throws: `UserError` where the checkpoint cannot be used.
  init(_ text: String, samplingSteps: Int? = nil) throws {
    switch text {
    case "expert":
      name = text
      actor = .expert(PushExpert())
    case "random":
      name = text
      actor = .random(.smooth(correlation: 0.8, deviation: 0.7))
    default:
      let folder = URL(fileURLWithPath: text, isDirectory: true)
      name = folder.standardizedFileURL.lastPathComponent
      actor = .policy(try Checkpoint.load(folder, steps: samplingSteps))
    }
  }
}
