// The idea: a checkpoint and a sentence are all it takes. The policy sees the table and the words, answers with a
// chunk of actions, executes a part of it, and looks again.
//
//   swift run -c release obey-a-sentence
//   swift run -c release obey-a-sentence push the blue triangle to the top zone

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// Runs one episode and says how it ended. Without a sentence, the scene's own command is taken.
func obey(_ sentence: String) throws -> String {
  var world = try ArmEnvironment(randomization: "train")
  let observation = try world.reset(seed: 2000, command: sentence.isEmpty ? .drawn : .text(sentence))
  let policy = try Checkpoint.load(
    EnvironmentLibrary.home().appendingPathComponent("Assets/checkpoints/push-flow"))
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
