// The idea: a checkpoint and a sentence are all it takes. The policy sees the table and the words, answers with a
// chunk of actions, executes a part of it, and looks again.
//
//   swift run -c release obey-a-sentence
//   swift run -c release obey-a-sentence push the blue triangle to the top zone

import PlanarArmEnvironments
import Foundation
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// Runs one episode and says how it ended. Without a sentence, the scene's own command is taken.
func obey(_ sentence: String) throws -> String {
  let world = try ArmEnvironment(randomization: "train")
  let policy = try Checkpoint.load(
    EnvironmentLibrary.home().appendingPathComponent("Assets/checkpoints/push-flow"))
  let outcome = try rollOut(
    RolloutPlan(
      world: world, seeds: [2000], command: sentence.isEmpty ? .drawn : .text(sentence),
      driver: .policy(policy)))[0].outcome
  let end = outcome.success ? "obeyed after" : "not obeyed within"
  return "\"\(outcome.info.command)\": \(end) \(outcome.steps) steps"
}

do {
  print(try obey(CommandLine.arguments.dropFirst().joined(separator: " ")))
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
