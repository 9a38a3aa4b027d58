// A problem small enough to learn in seconds: go to the object that the command names.

import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// Three objects `[x, y, isRed, isGreen, isBlue]` in any order; the right chunk goes to the named one.
struct TinyTask {
  static let colors = ["red", "green", "blue"]
  static let features = FeatureSet(
    proprioception: FeatureSpec(name: "observation.state", shape: [2], elements: ["x", "y"]),
    objects: FeatureSpec(
      name: "observation.environment_state", shape: [3, 5],
      elements: ["x", "y", "red", "green", "blue"]),
    action: FeatureSpec(name: "action", shape: [2], elements: ["dx", "dy"]))
  static let horizons = Horizons(observation: 2, prediction: 4, execution: 2)

  struct Scene {
    var observation: Observation
    /// Where the named object lies.
    var target: [Float]
  }

  static func configuration(_ head: any HeadOptions, seed: UInt64 = 0) -> PolicyConfiguration {
    var configuration = PolicyConfiguration(
      head: head, features: features, horizons: horizons, size: .small,
      text: .learned(
        LearnedTextSettings(
          commands: ["go to the red one", "green", "blue"], width: 32, heads: 2, wordDropout: 0, strayWords: 0)),
      normalization: .identity(features), environment: "tiny", seed: seed,
      provenance: ["data": "synthetic"])
    configuration.trunk = .init(width: 32, heads: 2, layers: 2)
    configuration.decoder = decoder(.mlp)
    return configuration
  }

  /// A small decoder of a kind.
  static func decoder(_ kind: ActionDecoderConfiguration.Kind) -> ActionDecoderConfiguration {
    switch kind {
    case .mlp: .mlp(.init(width: 64, blocks: 2, conditionWidth: 64, timeWidth: 32))
    case .transformer: .transformer(.init(width: 32, heads: 2, layers: 2, timeWidth: 32))
    case .unet: .unet(.init(levels: [16, 32], kernel: 3, groups: 4, conditionWidth: 32))
    }
  }

  static func scene(_ stream: inout RandomStream) -> Scene {
    var places: [[Float]] = []
    for _ in 0..<3 {
      places.append([Float(stream.uniform(in: -0.8...0.8)), Float(stream.uniform(in: -0.8...0.8))])
    }
    let named = stream.integer(below: 3)
    var objects: [Float] = []
    for color in stream.permutation(3) {
      objects += places[color] + (0..<3).map { $0 == color ? 1 : 0 }
    }
    let state = [Float(stream.normal() * 0.1), Float(stream.normal() * 0.1)]
    return Scene(
      observation: Observation(
        proprioception: state, objects: objects, command: "go to the \(colors[named]) one"),
      target: places[named])
  }

  static func chunk(to target: [Float]) -> [Float] {
    (1...4).flatMap { step in target.map { $0 * Float(step) / 4 } }
  }

  static func fill(
    _ batch: inout TrainingBatch, _ policy: TrainablePolicy,
    _ stream: inout RandomStream
  ) {
    for row in 0..<batch.rows {
      batch.prefixLengths[row] = Int32(stream.integer(below: 3))
      let scene = scene(&stream)
      for step in 0..<2 { batch.observations.set(scene.observation, row: row, step: step) }
      let command = policy.input(for: scene.observation.command)
      for i in command.indices { batch.commands[row * command.count + i] = command[i] }
      let chunk = chunk(to: scene.target)
      for i in 0..<8 { batch.chunks[row * 8 + i] = chunk[i] }
    }
  }

  /// Trains for some steps of 128 rows.
  static func train(
    _ configuration: PolicyConfiguration, steps: Int, threads: Int = 2, rate: Float = 3e-3
  ) throws -> (policy: TrainablePolicy, average: WeightAverage, losses: [Float]) {
    try train(TrainablePolicy(configuration), steps: steps, threads: threads, rate: rate)
  }

  static func train(
    _ policy: TrainablePolicy, steps: Int, threads: Int = 2, rate: Float = 3e-3
  ) throws -> (policy: TrainablePolicy, average: WeightAverage, losses: [Float]) {
    let weights = policy.parameters.values
    let optimizer = AdamW(
      layout: policy.parameters.layout,
      configuration: .init(learningRate: rate, weightDecay: 1e-4))
    let schedule = WarmupCosineSchedule(warmupSteps: 20, totalSteps: steps)
    let average = WeightAverage(of: weights, decay: 0.99)
    let sharded = ShardedGradient(count: weights.count, threads: threads)
    var stream = RandomStream(seed: 7)
    var batch = TrainingBatch(rows: 128, policy: policy)
    var losses: [Float] = []
    for step in 0..<steps {
      fill(&batch, policy, &stream)
      let filled = batch
      losses.append(
        sharded.compute(batch: 128, weights: weights, noise: UInt64(step)) { rows, tape, noise in
          policy.loss(filled, rows: rows, on: tape, noise: &noise)
        })
      optimizer.step(
        weights: weights, gradient: sharded.gradient,
        rateMultiplier: schedule.multiplier(step: step))
      average.update(with: weights)
    }
    return (policy, average, losses)
  }

  static func request(_ scene: Scene, noise: UInt64) -> PolicyRequest {
    PolicyRequest(
      history: ObservationHistory(first: scene.observation, horizon: 2),
      noise: RandomStream(seed: noise))
  }

  /// The mean distance between a predicted chunk's last action and the named object.
  static func error(of policy: TrainedPolicy, scenes count: Int = 64) -> Float {
    var stream = RandomStream(seed: 1234)
    let scenes = (0..<count).map { _ in scene(&stream) }
    var requests = scenes.enumerated().map { request($1, noise: UInt64($0)) }
    let chunks = policy.makeInference(batch: count).predict(&requests)
    return zip(chunks, scenes).map { chunk, scene in
      let end = chunk[3]
      let (dx, dy) = (end[0] - scene.target[0], end[1] - scene.target[1])
      return (dx * dx + dy * dy).squareRoot()
    }.reduce(0, +) / Float(count)
  }
}

func largestDifference(_ a: [ActionChunk], _ b: [ActionChunk]) -> Float {
  zip(a, b).flatMap { zip($0.values, $1.values).map { abs($0 - $1) } }.max() ?? .infinity
}
