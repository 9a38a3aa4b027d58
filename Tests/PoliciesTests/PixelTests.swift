// Policies that look at pictures: gradients, the command's hand in them, chance, padding, and that they learn.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

@Suite struct PixelTests {
  private typealias Pixels = PixelConfiguration

  private func policy(_ pixels: PixelConfiguration, robots: [String] = []) throws -> TrainablePolicy {
    try TrainablePolicy(
      PictureTask.configuration(ObservationConfiguration(objects: false, pixels: pixels, robots: robots)))
  }

  /// Weights with every bias and every zero somewhere.
  private func stir(_ policy: TrainablePolicy) {
    var stream = RandomStream(seed: 5)
    let values = policy.parameters.values
    for i in 0..<values.count { values[i] += Float(stream.normal()) * 0.05 }
  }

  private func batch(_ policy: TrainablePolicy, rows: Int) -> TrainingBatch {
    var stream = RandomStream(seed: 11)
    var batch = TrainingBatch(rows: rows, policy: policy)
    PictureTask.fill(&batch, policy, &stream)
    return batch
  }

  /// Along a random direction in each of the picture's parameters the loss changes as the gradient says.
  @Test(arguments: [
    (Pixels.Kind.convolutional, Pixels.Pooling.peaks), (.convolutional, .attention), (.convolutional, .none),
    (.vit, .none), (.vit, .attention), (.vit, .peaks),
  ])
  func gradientsAreThoseOfTheLoss(kind: PixelConfiguration.Kind, pooling: PixelConfiguration.Pooling) throws {
    let policy = try policy(PictureTask.pixels(kind, pooling, frames: 2))
    stir(policy)
    let batch = batch(policy, rows: 4)
    let values = policy.parameters.values
    let tape = Tape(recording: true)
    func loss(_ weights: FloatBuffer, gradient: FloatBuffer? = nil) -> Float {
      var noise = RandomStream(seed: 2)
      tape.begin(weights: weights, gradients: gradient)
      return policy.loss(batch, rows: 0..<4, on: tape, noise: &noise)
    }
    let gradient = FloatBuffer(count: values.count)
    _ = loss(values, gradient: gradient)
    tape.backward()
    var stream = RandomStream(seed: 3)
    var compared = 0
    for parameter in policy.parameters.layout.parameters where parameter.name.hasPrefix("trunk.pixels") {
      let range = parameter.offset..<parameter.offset + parameter.count
      let direction = range.map { _ in Float(stream.normal()) }
      let slope = zip(range, direction).reduce(0.0) { $0 + Double(gradient[$1.0]) * Double($1.1) }
      let step = 4e-3 / Double(parameter.count).squareRoot()
      func moved(_ sign: Double) -> Double {
        let copy = values.duplicate()
        for (i, d) in zip(range, direction) { copy[i] += Float(sign * step) * d }
        return Double(loss(copy))
      }
      let numeric = (moved(1) - moved(-1)) / (2 * step)
      #expect(
        abs(slope - numeric) < 0.05 * abs(numeric) + 4e-3, "\(parameter.name): \(slope), not \(numeric)")
      compared += 1
    }
    #expect(compared > 5)
  }

  @Test func theCommandHasAHandInThePicture() throws {
    let policy = try policy(PictureTask.pixels())
    stir(policy)
    var stream = RandomStream(seed: 4)
    let scene = PictureTask.scene(&stream)
    func answer(_ policy: TrainedPolicy, _ command: String) -> [ActionChunk] {
      var scene = scene
      scene.observation.command = command
      var requests = [PictureTask.request(scene, noise: 0)]
      return policy.makeInference(batch: 1).predict(&requests)
    }
    let plain = policy.policy(weights: policy.parameters.values)
    let changed = policy.parameters.values.duplicate()
    for parameter in policy.parameters.layout.parameters where parameter.name == "trunk.pixels.film.weight" {
      for i in parameter.offset..<parameter.offset + parameter.count { changed[i] *= -3 }
    }
    let other = policy.policy(weights: changed)
    // The scales and shifts are linear in the command: it must show which one it is.
    for command in ["red", "green"] {
      #expect(largestDifference(answer(plain, command), answer(other, command)) > 1e-5)
    }
    #expect(largestDifference(answer(plain, "red"), answer(plain, "green")) > 1e-5)
  }

  @Test func augmentationIsChanceOfTheStepNotOfTheThread() throws {
    let policy = try policy(PictureTask.pixels(augmentation: PictureAugmentation(shift: 2, noise: 0.05)))
    let batch = batch(policy, rows: 64)
    let before = batch.observations.bytes
    func step(threads: Int, noise: UInt64) -> (loss: Float, gradient: [Float]) {
      let sharded = ShardedGradient(
        count: policy.parameters.values.count, threads: threads, rowsPerShard: 16)
      let loss = sharded.compute(batch: 64, weights: policy.parameters.values, noise: noise) {
        policy.loss(batch, rows: $0, on: $1, noise: &$2)
      }
      return (loss, (0..<sharded.gradient.count).map { sharded.gradient[$0] })
    }
    let first = step(threads: 1, noise: 1)
    let second = step(threads: 3, noise: 1)
    #expect(first.loss == second.loss && first.gradient == second.gradient)
    #expect(step(threads: 1, noise: 2).loss != first.loss)
    #expect(batch.observations.bytes == before, "the batch itself is left as it is")
  }

  /// Without recording nothing is augmented and no loss is added: what is measured is the head.
  @Test func measuringShowsPicturesAsTheyAre() throws {
    let policy = try policy(PictureTask.pixels(augmentation: PictureAugmentation(shift: 3, noise: 0.2)))
    let batch = batch(policy, rows: 8)
    func measured(_ seed: UInt64) -> Float {
      let tape = Tape(recording: false)
      tape.begin(weights: policy.parameters.values)
      var noise = RandomStream(seed: seed)
      return policy.loss(batch, rows: 0..<8, on: tape, noise: &noise)
    }
    #expect(measured(1) == measured(2))
  }

  @Test(arguments: [PixelConfiguration.Kind.convolutional, .vit])
  func rowsDoNotSeeTheirNeighbours(kind: PixelConfiguration.Kind) throws {
    let policy = try policy(PictureTask.pixels(kind))
    stir(policy)
    let inference = policy.policy(weights: policy.parameters.values).makeInference(batch: 4)
    var stream = RandomStream(seed: 8)
    var four = (0..<4).map { PictureTask.request(PictureTask.scene(&stream), noise: UInt64($0)) }
    var alone = [four[0]]
    let first = inference.predict(&four)[0]
    #expect(inference.predict(&alone)[0] == first, "padding must not matter")
  }

  /// At inference there is no object state at all.
  @Test(arguments: [(PixelConfiguration.Kind.convolutional, 250, Float(0.25)), (.vit, 900, 0.6)])
  func learnsFromPicturesAlone(kind: PixelConfiguration.Kind, steps: Int, bound: Float) throws {
    var configuration = try PictureTask.configuration(
      ObservationConfiguration(objects: false, pixels: PictureTask.pixels(kind, .peaks)))
    configuration.horizons = TinyTask.horizons
    let policy = try PictureTask.train(configuration, steps: steps)
    #expect(policy.features.objects.count == 0)
    var stream = RandomStream(seed: 99)
    let scenes = (0..<64).map { _ in PictureTask.scene(&stream) }
    var requests = scenes.enumerated().map { number, scene in
      var scene = scene
      scene.observation.objects = []
      return PictureTask.request(scene, noise: UInt64(number))
    }
    let chunks = policy.makeInference(batch: 64).predict(&requests)
    let errors = zip(chunks, scenes).map { chunk, scene in
      let (dx, dy) = (chunk[3][0] - scene.target[0], chunk[3][1] - scene.target[1])
      return (dx * dx + dy * dy).squareRoot()
    }
    // Going to a square by chance misses by 0.8. How fast a transformer learns differs between processors with and
    // without AVX-512: after 400 steps it missed by less than 0.4 and by 0.557.
    #expect(errors.reduce(0, +) / 64 < bound)
  }
}
