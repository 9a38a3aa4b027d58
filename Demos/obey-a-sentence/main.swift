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
  var world = try ArmEnvironment(randomization: "train")
  let observation = try begin(sentence, in: &world)
  let policy = try Checkpoint.load(ProjectFolder.require("Assets/checkpoints/push-flow"))
  let inference = policy.makeInference(batch: 1)
  var request = PolicyRequest(
    history: ObservationHistory(first: observation, horizon: policy.horizons.observation),
    noise: RandomStream(seed: 1))
  var executor = ChunkExecutor(
    first: observation, observationHorizon: policy.horizons.observation,
    executionHorizon: policy.horizons.execution)

  for step in 1...world.maximumSteps {
    if executor.needsChunk {
      request.history = executor.history
      var requests = [request]
      executor.begin(inference.predict(&requests)[0])
      request.noise = requests[0].noise
    }
    let transition = world.step(executor.nextAction())
    executor.observe(transition.observation)
    if transition.terminated {
      return "\"\(world.info.command)\": obeyed after \(step) steps"
    }
  }
  return "\"\(world.info.command)\": not obeyed within \(world.maximumSteps) steps"
}

do {
  print(try obey(CommandLine.arguments.dropFirst().joined(separator: " ")))
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
