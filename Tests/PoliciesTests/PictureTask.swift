// The tiny task as a camera sees it: coloured squares on a small table; no object state at inference.

import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// Three squares of different colours; the right chunk goes to the named one.
enum PictureTask {
  static let side = 24
  static let features = FeatureSet(
    observations: [
      TinyTask.features.proprioception,
      FeatureSpec(
        name: "observation.environment_state", shape: [3, 5],
        elements: ["x (m)", "y (m)", "red", "green", "blue"]),
      image(side: side),
      FeatureSpec(
        name: "observation.touch", shape: [2], elements: ["x (N)", "y (N)"],
        sensorSwitch: SensorSwitch(sensor: "touch", option: "--touch")),
    ], action: TinyTask.features.action, robots: ["short", "long"])

  static func image(side: Int) -> FeatureSpec {
    FeatureSpec(
      name: "observation.images.top", dtype: .uint8, shape: [side, side, 3], elements: ["red", "green", "blue"],
      area: PictureArea(left: -1, top: 1, width: 2, height: 2),
      sensorSwitch: SensorSwitch(sensor: "the camera", option: "--image \(side)"))
  }

  static func configuration(
    _ observation: ObservationConfiguration, head: any HeadOptions = RegressionOptions()
  ) throws -> PolicyConfiguration {
    var configuration = TinyTask.configuration(head)
    configuration.features = try observation.features(trainedFrom: features)
    configuration.trunk.observation = observation
    return configuration
  }

  static func pixels(
    _ kind: PixelConfiguration.Kind = .convolutional, _ pooling: PixelConfiguration.Pooling? = nil,
    frames: Int = 1, augmentation: PictureAugmentation = PictureAugmentation()
  ) -> PixelConfiguration {
    PixelConfiguration(
      kind: kind, pooling: pooling, tokens: 3, channels: [8, 16], patch: 4, layers: 1, frames: frames,
      augmentation: augmentation)
  }

  /// A tiny scene whose squares lie apart, with its picture.
  static func scene(_ stream: inout RandomStream) -> TinyTask.Scene {
    var scene = TinyTask.scene(&stream)
    var objects = scene.observation.objects
    // One square in each third of the width.
    for i in 0..<3 { objects[5 * i] = (objects[5 * i] + Float(2 * i) - 2) / 3 }
    let named = TinyTask.colors.firstIndex { scene.observation.command.contains($0) }!
    let token = (0..<3).first { objects[5 * $0 + 2 + named] == 1 }!
    scene.target = [objects[5 * token], objects[5 * token + 1]]
    scene.observation.objects = objects
    scene.observation.image = picture(of: objects)
    scene.observation.set("observation.touch", floats: [0, 1])
    return scene
  }

  static func picture(of objects: [Float]) -> [UInt8] {
    var image = [UInt8](repeating: 200, count: side * side * 3)
    for i in 0..<3 {
      let column = (objects[5 * i] + 1) / 2 * Float(side)
      let row = (1 - objects[5 * i + 1]) / 2 * Float(side)
      for y in 0..<side {
        for x in 0..<side where abs(Float(x) + 0.5 - column) < 2 && abs(Float(y) + 0.5 - row) < 2 {
          for c in 0..<3 { image[(y * side + x) * 3 + c] = objects[5 * i + 2 + c] == 1 ? 230 : 30 }
        }
      }
    }
    return image
  }

  static func fill(_ batch: inout TrainingBatch, _ policy: TrainablePolicy, _ stream: inout RandomStream) {
    for row in 0..<batch.rows {
      let scene = scene(&stream)
      let o = scene.observation
      for step in 0..<2 { batch.observations.set(o, row: row, step: step) }
      let command = policy.input(for: o.command)
      for i in command.indices { batch.commands[row * command.count + i] = command[i] }
      let chunk = TinyTask.chunk(to: scene.target)
      for i in 0..<8 { batch.chunks[row * 8 + i] = chunk[i] }
    }
  }

  static func request(_ scene: TinyTask.Scene, noise: UInt64) -> PolicyRequest {
    PolicyRequest(
      history: ObservationHistory(first: scene.observation, horizon: 2), noise: RandomStream(seed: noise))
  }

  /// Trains for some steps of 64 rows.
  static func train(_ configuration: PolicyConfiguration, steps: Int, threads: Int = 2) throws -> TrainedPolicy {
    let policy = try TrainablePolicy(configuration)
    let weights = policy.parameters.values
    let optimizer = AdamW(
      layout: policy.parameters.layout, configuration: .init(learningRate: 4e-3, weightDecay: 1e-4))
    let schedule = WarmupCosineSchedule(warmupSteps: 20, totalSteps: steps)
    let average = WeightAverage(of: weights, decay: 0.98)
    let sharded = ShardedGradient(count: weights.count, threads: threads, rowsPerShard: 16)
    var stream = RandomStream(seed: 7)
    var batch = TrainingBatch(rows: 64, policy: policy)
    for step in 0..<steps {
      fill(&batch, policy, &stream)
      let filled = batch
      _ = sharded.compute(batch: 64, weights: weights, noise: UInt64(step)) { rows, tape, noise in
        policy.loss(filled, rows: rows, on: tape, noise: &noise)
      }
      optimizer.step(
        weights: weights, gradient: sharded.gradient, rateMultiplier: schedule.multiplier(step: step))
      average.update(with: weights)
    }
    return policy.policy(weights: average.values)
  }
}
