// The idea: a checkpoint and a sentence are all it takes. The policy sees the table and the words, answers with a
// chunk of actions, executes a part of it, and looks again.
//
//   swift run -c release obey-a-sentence
//   swift run -c release obey-a-sentence push the blue square to the top zone

import Foundation
import Planar

/// Starts an episode in a scene that has what the sentence names. Without a sentence, the scene's own command is taken.
///
/// - Throws: `UserError` that says why it cannot be obeyed in the first scene, where it cannot in any of a hundred.
func begin(_ sentence: String, in world: inout ArmEnvironment) throws -> Observation {
  let command = sentence.isEmpty ? CommandChoice.drawn : .text(sentence)
  for seed in UInt64(2000)..<2100 {
    if let observation = try? world.reset(seed: seed, command: command) { return observation }
  }
  return try world.reset(seed: 2000, command: command)
}

/// Runs one episode and says how it ended.
func obey(_ sentence: String) throws -> String {
  let world = try ArmEnvironment(randomization: "train")
  let policy = try Checkpoint.load(
    ProjectFolder.require("Assets/checkpoints/push-flow"))
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
