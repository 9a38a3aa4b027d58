// What a prediction may and may not depend on.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

@Suite struct InferenceTests {
  /// Untrained weights with an output that is far from zero.
  func policy(_ name: String) throws -> TrainedPolicy {
    let policy = try TrainablePolicy(TinyTask.configuration(try HeadChoice(named: name).options))
    return policy.policy(weights: policy.parameters.values)
  }

  func requests(_ count: Int, seed: UInt64 = 3) -> [PolicyRequest] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { TinyTask.request(TinyTask.scene(&stream), noise: UInt64($0)) }
  }

  @Test(arguments: HeadChoice.names)
  func rowsDoNotSeeTheirNeighbours(name: String) throws {
    let inference = try policy(name).makeInference(batch: 4)
    var four = requests(4)
    var alone = [four[0]]
    var others = requests(4, seed: 9)
    others[2] = four[0]
    var many = requests(27, seed: 10)
    many[25] = four[0]
    let first = inference.predict(&four)[0]
    #expect(inference.predict(&alone)[0] == first, "padding must not matter")
    #expect(inference.predict(&others)[2] == first, "neither the place nor the neighbours matter")
    // Rollouts pack the rows that ask into the smallest batch that holds them.
    #expect(try policy(name).makeInference(batch: 32).predict(&many)[25] == first, "the batch's size must not matter")
    #expect(first.horizon == 4 && first.dimension == 2)
    #expect(first.values.allSatisfy { $0.isFinite && abs($0) <= 1 })
  }

  @Test(arguments: HeadChoice.names)
  func theOrderOfObjectsMeansNothing(name: String) throws {
    let inference = try policy(name).makeInference(batch: 8)
    var plain = requests(8)
    var shuffled = plain.map { request in
      let turned = request.history.observations.map { observation in
        var observation = observation
        let o = observation.objects
        observation.objects = Array(o[10..<15] + o[0..<5] + o[5..<10])
        return observation
      }
      return PolicyRequest(history: ObservationHistory(turned), noise: request.noise)
    }
    #expect(
      largestDifference(inference.predict(&plain), inference.predict(&shuffled)) < 1e-4)
  }

  @Test(arguments: HeadChoice.names)
  func predictionsDependOnWhatTheyShould(name: String) throws {
    let inference = try policy(name).makeInference(batch: 1)
    func predict(_ change: (inout Observation) -> Void, noise: UInt64 = 1) -> [ActionChunk] {
      var stream = RandomStream(seed: 3)
      var scene = TinyTask.scene(&stream)
      change(&scene.observation)
      var request = [TinyTask.request(scene, noise: noise)]
      return inference.predict(&request)
    }
    let base = predict { _ in }
    #expect(predict { _ in } == base)
    #expect(largestDifference(base, predict { $0.command = "go to the unknown one" }) > 1e-6)
    #expect(largestDifference(base, predict { $0.proprioception[0] += 1 }) > 1e-6)
    #expect(largestDifference(base, predict { $0.objects[0] += 1 }) > 1e-6)
    let otherNoise = predict({ _ in }, noise: 2)
    #expect((otherNoise == base) == ["regression", "bins", "fast", "act"].contains(name))
  }

  /// Looking at the denoising steps gives the same chunk and leaves the same noise as asking for the chunk.
  @Test(arguments: HeadChoice.names)
  func denoisingEndsInThePrediction(name: String) throws {
    let inference = try policy(name).makeInference(batch: 2)
    var asked = [requests(1)[0]]
    var watched = asked[0]
    let chunk = inference.predict(&asked)[0]
    let steps = inference.denoise(&watched)
    #expect(steps.last == chunk && watched.noise == asked[0].noise)
    #expect(steps.count == ["flow": 11, "diffusion": 11, "one-step": 2][name, default: 1])
    #expect(steps.allSatisfy { $0.horizon == 4 && $0.values.allSatisfy { abs($0) <= 1 } })
    if steps.count > 2 { #expect(Set(steps.map(\.values)).count == steps.count) }
    // Nobody looks any longer.
    var again = requests(1)
    #expect(inference.predict(&again)[0] == chunk)
  }

  @Test func noiseAdvancesTheRequestsStream() throws {
    let inference = try policy("flow").makeInference(batch: 2)
    var request = requests(1)
    let first = inference.predict(&request)
    #expect(request[0].noise != RandomStream(seed: 0))
    #expect(inference.predict(&request) != first)
  }

  @Test func stepsCanBeChanged() throws {
    for name in ["flow", "diffusion"] {
      let policy = try policy(name)
      var (a, b) = (requests(1), requests(1))
      let few = try policy.settingSteps(2).makeInference(batch: 1).predict(&a)
      #expect(few != policy.makeInference(batch: 1).predict(&b))
    }
    var coarse = try policy("flow")
    coarse.precision = .int8
    #expect(try coarse.settingSteps(2).precision == .int8)
    #expect(try coarse.addingProvenance(["by": "a test"]).precision == .int8)
    #expect(throws: UserError.self) { try policy("regression").settingSteps(5) }
    #expect(throws: UserError.self) { try policy("diffusion").settingSteps(101) }
    #expect(throws: UserError.self) { try policy("flow").settingSteps(0) }
  }

  /// Scaling the observations and telling the normalization so must change nothing.
  @Test func normalizationHappensInside() throws {
    var scaled = TinyTask.configuration(RegressionOptions())
    scaled.normalization.proprioceptionMean = [3, -1]
    scaled.normalization.proprioceptionDeviation = [0.5, 4]
    scaled.normalization.objectMean = [1, 2, 0, 0, 0]
    scaled.normalization.objectDeviation = [2, 0.25, 1, 0, 1]
    let plain = try policy("regression")
    let other = try TrainablePolicy(scaled)
    var requests = requests(3)
    var moved = requests.map { request in
      let observations = request.history.observations.map { o in
        var o = o
        o.proprioception = [o.proprioception[0] * 0.5 + 3, o.proprioception[1] * 4 - 1]
        for n in 0..<3 {
          o.objects[n * 5] = o.objects[n * 5] * 2 + 1
          o.objects[n * 5 + 1] = o.objects[n * 5 + 1] * 0.25 + 2
        }
        return o
      }
      return PolicyRequest(history: ObservationHistory(observations), noise: request.noise)
    }
    let a = plain.makeInference(batch: 3).predict(&requests)
    let b = other.policy(weights: other.parameters.values).makeInference(batch: 3).predict(&moved)
    #expect(largestDifference(a, b) < 1e-4)
  }
}
