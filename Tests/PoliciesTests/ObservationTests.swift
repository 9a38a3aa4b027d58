// What a policy looks at, and what it therefore needs.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

@Suite struct ObservationTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  private func trained(_ observation: ObservationConfiguration) throws -> TrainedPolicy {
    let policy = try TrainablePolicy(PictureTask.configuration(observation))
    return policy.policy(weights: policy.parameters.values)
  }

  @Test func whatIsNotReadIsNotNeeded() throws {
    let needed = try trained(ObservationConfiguration(objects: false, pixels: PictureTask.pixels())).features
    #expect(needed.observations.map(\.name) == ["observation.state", "observation.images.top"])
    var offered = PictureTask.features
    offered.objects = FeatureSpec(name: "observation.environment_state", shape: [9, 1], elements: ["other"])
    offered["observation.touch"] = nil
    try needed.requireOffered(by: offered, policy: "p", environment: "e")
    let state = try trained(ObservationConfiguration()).features
    #expect(state.observations.map(\.name) == ["observation.state", "observation.environment_state"])
    #expect(message { try state.requireOffered(by: offered, policy: "p", environment: "e") } != "")
  }

  @Test func sensorsThatAreOffAreNamedWithTheirSwitch() throws {
    let needed = try trained(
      ObservationConfiguration(objects: false, pixels: PictureTask.pixels(), others: [.touch])
    ).features
    var offered = PictureTask.features
    offered.image = nil
    let camera = message { try needed.requireOffered(by: offered, policy: "p", environment: "push") }
    #expect(
      camera
        == "policy 'p' needs observation.images.top [24, 24, 3], which environment 'push' does not show; switch on the camera with --image 24"
    )
    offered.image = PictureTask.image(side: 32)
    #expect(
      message { try needed.requireOffered(by: offered, policy: "p", environment: "push") }
        == "policy 'p' needs observation.images.top [24, 24, 3], but environment 'push' shows [32, 32, 3]; give --image 24"
    )
    offered = PictureTask.features
    offered["observation.touch"] = nil
    #expect(
      message { try needed.requireOffered(by: offered, policy: "p", environment: "push") }
        .contains("switch on touch with --touch"))
  }

  @Test func settingsThatCannotWorkAreRefused() throws {
    var blind = try PictureTask.configuration(ObservationConfiguration())
    blind.trunk.observation.objects = false
    #expect(message { _ = try TrainablePolicy(blind) }.contains("could not see"))
    #expect(
      message { _ = try trained(ObservationConfiguration(pixels: PixelConfiguration(tokens: 0))) }
        .contains("trunk.observation.pixels.tokens is 0"))
    #expect(
      message { _ = try trained(ObservationConfiguration(pixels: PixelConfiguration(kind: .vit, patch: 7))) }
        .contains("patch is 7; it must divide"))
    #expect(
      message {
        _ = try trained(ObservationConfiguration(pixels: PixelConfiguration(pooling: .peaks, objectLoss: 0)))
      }.contains("pooling 'peaks' finds things by what objectLoss teaches"))
    #expect(
      message { _ = try trained(ObservationConfiguration(pixels: PixelConfiguration(frames: 3))) }
        .contains("frames is 3; it must lie in 1 … 2"))
    #expect(
      message { _ = try ObservationConfiguration(others: [.touch]).features(trainedFrom: TinyTask.features) }
        .contains("record it with --touch"))
    #expect(message { _ = try trained(ObservationConfiguration(robots: ["none"])) }.contains("robots"))
  }

  @Test func touchIsRead() throws {
    let policy = try trained(ObservationConfiguration(others: [.touch]))
    var stream = RandomStream(seed: 1)
    var scene = PictureTask.scene(&stream)
    func answer() -> [ActionChunk] {
      var requests = [PictureTask.request(scene, noise: 0)]
      return policy.makeInference(batch: 1).predict(&requests)
    }
    let before = answer()
    scene.observation.set("observation.touch", floats: [20, -3])
    #expect(largestDifference(before, answer()) > 1e-5)
  }

  @Test func entriesThatAreMissingHaveTheirDefaults() throws {
    let json = #"{"objects": false, "pixels": {"kind": "vit", "augmentation": {"noise": 0}}}"#
    let read = try SettingsNode(json: json, file: "mine.json").decode(ObservationConfiguration.self)
    #expect(
      read
        == ObservationConfiguration(
          objects: false,
          pixels: PixelConfiguration(kind: .vit, augmentation: PictureAugmentation(noise: 0))))
    #expect(try SettingsNode(json: "{}", file: "mine.json").decode(ObservationConfiguration.self) == .init())
  }

  @Test func checkpointsKeepTheirEyes() throws {
    let policy = try trained(
      ObservationConfiguration(objects: false, pixels: PictureTask.pixels(), others: [.touch], robots: ["long"]))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("eyes-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Checkpoint.save(policy, to: folder)
    let loaded = try Checkpoint.load(folder)
    #expect(loaded.configuration.trunk == policy.configuration.trunk && loaded.features == policy.features)
    #expect(try Checkpoint.configuration(of: folder).neededFeatures == policy.features)
    var stream = RandomStream(seed: 6)
    var first = [PictureTask.request(PictureTask.scene(&stream), noise: 0)]
    var second = first
    #expect(
      policy.makeInference(batch: 1).predict(&first) == loaded.makeInference(batch: 1).predict(&second))
  }
}

@Suite struct SeveralRobotsTests {
  private func features(_ robot: String, joints: Int) -> FeatureSet {
    let elements = (0..<joints).map { "joint\($0)" } + ["tip_x", "tip_y"]
    return FeatureSet(
      proprioception: FeatureSpec(name: "observation.state", shape: [elements.count], elements: elements),
      objects: TinyTask.features.objects, action: TinyTask.features.action, robots: [robot])
  }

  @Test func joiningKeepsEveryElementOnce() throws {
    let all = try FeatureSet.joining([features("two", joints: 2), features("three", joints: 3)])
    #expect(all.proprioception.elements == ["joint0", "joint1", "tip_x", "tip_y", "joint2"])
    #expect(all.robots == ["two", "three"])
    #expect(all.proprioception.indices(of: features("three", joints: 3).proprioception) == [0, 1, 4, 2, 3])
    var other = features("four", joints: 4)
    other.action = FeatureSpec(name: "action", shape: [1], elements: ["only"])
    #expect(throws: UserError.self) { try FeatureSet.joining([all, other]) }
  }

  @Test func oneNetworkIsToldWhichRobotItHas() throws {
    let (two, three) = (features("two", joints: 2), features("three", joints: 3))
    var configuration = TinyTask.configuration(RegressionOptions())
    configuration.features = try FeatureSet.joining([two, three])
    configuration.normalization = .identity(configuration.features)
    configuration.trunk.observation.robots = ["two", "three"]
    let learner = try TrainablePolicy(configuration)
    let policy = learner.policy(weights: learner.parameters.values)
    try policy.features.requireOffered(by: two, policy: "p", environment: "e")
    try policy.features.requireOffered(by: three, policy: "p", environment: "e")
    #expect(throws: UserError.self) {
      try policy.features.requireOffered(by: features("five", joints: 2), policy: "p", environment: "e")
    }
    #expect(throws: UserError.self) {
      try policy.features.requireOffered(by: features("two", joints: 7), policy: "p", environment: "e")
    }
    func answer(_ state: [Float], in offered: FeatureSet) -> [ActionChunk] {
      let observation = Observation(
        proprioception: state, objects: [Float](repeating: 0.3, count: 15), command: "red")
      var requests = [
        PolicyRequest(
          history: ObservationHistory(first: observation, horizon: 2), noise: RandomStream(seed: 0))
      ]
      return policy.makeInference(batch: 1, in: offered).predict(&requests)
    }
    // The same numbers, the third joint at zero: only the robot's name differs.
    let asTwo = answer([0.1, 0.2, 0.5, 0.6], in: two)
    #expect(largestDifference(asTwo, answer([0.1, 0.2, 0, 0.5, 0.6], in: three)) > 1e-5)
    #expect(asTwo == answer([0.1, 0.2, 0.5, 0.6], in: two))
  }
}
