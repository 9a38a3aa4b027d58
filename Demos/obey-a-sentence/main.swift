// The idea: a checkpoint and a sentence are all it takes. The policy sees the table and the words, answers with a
// chunk of actions, executes a part of it, and looks again.
//
//   swift run -c release obey-a-sentence
//   swift run -c release obey-a-sentence push the blue square to the top zone

import Foundation
import Planar

/// The seed of a scene that has what a command names: the first of a hundred, or else the first there is, which says why
/// the command cannot be obeyed.
func sceneSeed(for command: CommandChoice, in world: ArmEnvironment) -> UInt64 {
  let seeds = UInt64(2000)..<2100
  var world = world
  return seeds.first { (try? world.reset(seed: $0, command: command)) != nil } ?? seeds.lowerBound
}

/// Runs one episode and says how it ended.
func obey(_ sentence: String) throws -> String {
  let world = try ArmEnvironment(randomization: "train")
  let command = sentence.isEmpty ? CommandChoice.drawn : .text(sentence)
  let policy = try Checkpoint.load(ProjectFolder.require("Assets/checkpoints/push-flow"))
  let outcome = try rollOut(
    RolloutPlan(
      world: world, seeds: [sceneSeed(for: command, in: world)], command: command, driver: .policy(policy)))[0].outcome
  let end = outcome.success ? "obeyed after" : "not obeyed within"
  return "\"\(outcome.info.command)\": \(end) \(outcome.steps) steps"
}

do {
  print(try obey(CommandLine.arguments.dropFirst().joined(separator: " ")))
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
