// A policy whose actions say which step of which chunk they are, and which notes what it was asked.

import PlanarCore
import PlanarPolicyInterface
import Synchronization
import PlanarToyWorld

/// Step i of chunk k of an episode (A = 1, B = 2, …) is the action `[k/64, i/64]`: exact in single precision, and never
/// zero.
struct ChunkProbe: Policy {
  let name = "probe"
  let features = PointWorld().features
  var horizons = Horizons(observation: 1, prediction: 8, execution: 3)
  var continuesChunks = true
  let log = Log()

  /// What one episode in a block of one was asked.
  final class Log: Sendable {
    private let stored = Mutex<[PolicyRequest]>([])
    var requests: [PolicyRequest] { stored.withLock { $0 } }
    func add(_ request: PolicyRequest) { stored.withLock { $0.append(request) } }
  }

  func makeInference(batch: Int) -> any PolicyInference { Inference(policy: self, batch: batch) }

  /// The action of a step of a chunk.
  static func action(chunk: Int, step: Int) -> Action { [Float(chunk) / 64, Float(step) / 64] }

  /// `B3` for step 3 of chunk 2, `·` for zeros.
  static func label(_ action: Action) -> String {
    if action == [0, 0] { return "·" }
    let letter = Character(UnicodeScalar(UInt8(ascii: "A") + UInt8(action[0] * 64) - 1))
    return "\(letter)\(Int(action[1] * 64))"
  }

  private final class Inference: PolicyInference {
    let policy: ChunkProbe
    let batch: Int
    private var asked = 0

    init(policy: ChunkProbe, batch: Int) {
      self.policy = policy
      self.batch = batch
    }

    /// All rows of a block are asked in the same steps, so that calls count chunks.
    func predict(_ requests: inout [PolicyRequest]) -> [ActionChunk] {
      if batch == 1 { policy.log.add(requests[0]) }
      asked += 1
      let horizon = policy.horizons.prediction
      let values = (0..<horizon).flatMap { ChunkProbe.action(chunk: asked, step: $0) }
      return requests.map { _ in ActionChunk(horizon: horizon, dimension: 2, values: values) }
    }
  }
}

/// The point world, stopped at nothing but its time limit, in which targets may be absolute.
struct Clockwork: Environment {
  var point = PointWorld()
  var steps = 0
  /// Actions are targets: holding still repeats the last one.
  var hasTargets = false
  var maximumSteps: Int

  init(steps: Int, hasTargets: Bool = false) {
    maximumSteps = steps
    self.hasTargets = hasTargets
  }

  var name: String { "clockwork" }
  var randomization: String { "none" }
  var features: FeatureSet { point.features }
  var controlPeriod: Double { point.controlPeriod }
  var info: EpisodeInfo { point.info }

  mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    steps = 0
    return try point.reset(seed: seed, command: command)
  }

  /// The observation's first number is the control step.
  mutating func step(_ action: Action) -> Transition {
    steps += 1
    var transition = point.step(action)
    transition.observation.proprioception[0] = Float(steps)
    transition.terminated = false
    transition.succeeded = false
    transition.truncated = steps >= maximumSteps
    return transition
  }

  func achieves(command: String) throws -> Bool { false }

  func holdAction(after last: Action) -> Action {
    hasTargets ? last : last.map { _ in 0 }
  }
}
