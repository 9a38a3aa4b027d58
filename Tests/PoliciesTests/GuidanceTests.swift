// Guidance: by the command, and by the chunk that is still being executed.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

@Suite struct GuidanceTests {
  func requests(_ count: Int, continuing previous: ActionChunk? = nil, frozen: Int = 1) -> [PolicyRequest] {
    var stream = RandomStream(seed: 3)
    return (0..<count).map {
      var request = TinyTask.request(TinyTask.scene(&stream), noise: UInt64($0))
      request.continuation = previous.map {
        ChunkContinuation(previous: $0, frozenSteps: frozen, freeFrom: 3)
      }
      return request
    }
  }

  func trained(_ head: any HeadOptions, dropout: Float = 0) throws -> TrainedPolicy {
    var configuration = TinyTask.configuration(head)
    configuration.commandDropout = dropout
    let run = try TinyTask.train(configuration, steps: 200)
    return run.policy.policy(weights: run.average.values)
  }

  @Test func aPolicyWithoutACommandGoesNowhereInParticularAndGuidanceLeavesThatPlace() throws {
    let policy = try trained(FlowOptions(), dropout: 0.2)
    // Told nothing, it hedges between the three objects; told, it goes there; guided, it goes there too.
    #expect(TinyTask.error(of: policy) < 0.1)
    let guided = try policy.settingGuidanceScale(1.5)
    #expect(TinyTask.error(of: guided) < 0.25)
    var (plain, same) = (requests(8), requests(8))
    #expect(
      largestDifference(
        policy.makeInference(batch: 8).predict(&plain), guided.makeInference(batch: 8).predict(&same))
        > 1e-3)
    #expect(throws: UserError.self) { try self.trained(FlowOptions()).settingGuidanceScale(2) }
    // A scale of nothing is the policy that never heard the command: swapping it changes nothing.
    let deaf = try policy.settingGuidanceScale(0).makeInference(batch: 8)
    var (one, other) = (requests(8), requests(8))
    for i in other.indices {
      var observation = other[i].history.latest
      observation.command = "go to the blue one"
      other[i].history = ObservationHistory(first: observation, horizon: 2)
    }
    #expect(largestDifference(deaf.predict(&one), deaf.predict(&other)) < 1e-4)
  }

  /// What was executed stands in the new chunk, what follows leans towards the plan, the free end does not.
  @Test(arguments: ["flow", "diffusion"])
  func chunksContinueThePreviousOne(name: String) throws {
    let policy = try trained(try HeadChoice(named: name).options)
    #expect(policy.continuesChunks)
    let plan = ActionChunk(horizon: 4, dimension: 2, values: Array(repeating: 0.9, count: 8))
    var free = requests(16)
    let fresh = policy.makeInference(batch: 16).predict(&free)
    for method in [Inpainting.Method.guidance, .identity] {
      var continuing = policy
      continuing.inpainting = Inpainting(method: method)
      var asked = requests(16, continuing: plan)
      let chunks = continuing.makeInference(batch: 16).predict(&asked)
      func distance(_ chunks: [ActionChunk], step: Int) -> Float {
        chunks.map { abs($0[step][0] - 0.9) + abs($0[step][1] - 0.9) }.reduce(0, +) / 16
      }
      for chunk in chunks { #expect(chunk[0] == [0.9, 0.9]) }
      #expect(distance(chunks, step: 1) < distance(fresh, step: 1), "\(name), \(method)")
    }
  }

  @Test func aPlanOfOnesOwnIsContinuedAsItIs() throws {
    let policy = try trained(FlowOptions())
    let inference = policy.makeInference(batch: 8)
    var first = requests(8)
    let chunks = inference.predict(&first)
    var again = requests(8)
    for i in again.indices {
      again[i].continuation = ChunkContinuation(previous: chunks[i], frozenSteps: 1, freeFrom: 3)
    }
    #expect(largestDifference(inference.predict(&again), chunks) < 0.05)
  }

  /// Rows that continue nothing are as if nobody did.
  @Test func continuationsAreEachRowsOwn() throws {
    let policy = try trained(FlowOptions())
    var plain = requests(4)
    let alone = policy.makeInference(batch: 4).predict(&plain)
    var mixed = requests(4)
    mixed[2].continuation = ChunkContinuation(
      previous: ActionChunk(horizon: 4, dimension: 2, values: Array(repeating: -0.5, count: 8)),
      frozenSteps: 2, freeFrom: 3)
    let together = policy.makeInference(batch: 4).predict(&mixed)
    for row in [0, 1, 3] { #expect(largestDifference([together[row]], [alone[row]]) < 1e-4) }
    #expect(together[2] != alone[2])
  }

  /// Trained for delays: given steps are an input, so that the rest fits them.
  @Test func trainingForDelaysContinuesGivenSteps() throws {
    let policy = try trained(FlowOptions(largestDelay: 2))
    let plan = ActionChunk(horizon: 4, dimension: 2, values: Array(repeating: 0.4, count: 8))
    var asked = requests(8, continuing: plan, frozen: 2)
    let chunks = policy.makeInference(batch: 8).predict(&asked)
    for chunk in chunks {
      #expect(chunk[0] == [0.4, 0.4] && chunk[1] == [0.4, 0.4])
      // The task's chunks are straight lines from the origin: what follows 0.4, 0.4 is more of it.
      #expect(chunk.values.allSatisfy { $0.isFinite })
    }
    #expect(throws: UserError.self) {
      _ = try TrainablePolicy(TinyTask.configuration(FlowOptions(largestDelay: 4)))
    }
  }
}
