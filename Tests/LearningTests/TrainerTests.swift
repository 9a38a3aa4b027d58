// The training loop: it learns, and neither threads nor interruptions show in its weights.

import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarTensorFiles
import Testing
import PlanarToyWorld

@Suite struct TrainerTests {
  @Test(arguments: HeadChoice.names.filter { $0 != OneStepOptions.name })
  func oneAndTwoThreadsTrainTheSameBits(head: String) throws {
    let labels = try Toy.labels(300)
    let one = try Toy.trainer(head, labels, Toy.configuration(threads: 1))
    let two = try Toy.trainer(head, labels, Toy.configuration(threads: 2))
    try one.run()
    try two.run()
    #expect(one.records == two.records)
    #expect(one.records.map(\.step) == [15, 30, 45])
    #expect(try savedWeights(one.trainedPolicy) == savedWeights(two.trainedPolicy))
    var other = Toy.configuration()
    other.seed = 4
    let third = try Toy.trainer(head, labels, other)
    try third.run()
    #expect(try savedWeights(third.trainedPolicy) != savedWeights(one.trainedPolicy))
  }

  /// Stopped at step 20, between two records, so that running sums must survive too.
  @Test(arguments: HeadChoice.names.filter { $0 != OneStepOptions.name })
  func aResumedRunEndsWithTheSameBits(head: String) throws {
    let labels = try Toy.labels(300)
    let whole = try Toy.trainer(head, labels, Toy.configuration())
    try whole.run()

    let folder = try TemporaryFolder()
    let first = try Toy.trainer(head, labels, Toy.configuration())
    let stop = StopFlag()
    try first.run(progress: StopsAt(done: 20, stop: stop), stop: stop)
    #expect(first.step == 20)
    try first.saveState(in: folder.url)

    // The number of threads is no setting of the result.
    let second = try Toy.trainer(head, labels, Toy.configuration(threads: 2))
    try second.restoreState(from: folder.url)
    #expect(second.step == 20)
    try second.run()
    #expect(second.records == whole.records)
    #expect(try savedWeights(second.trainedPolicy) == savedWeights(whole.trainedPolicy))
  }

  /// The same through a run's folder: no trace of the interruption is left.
  @Test func anInterruptedRunLeavesTheSameFolder() throws {
    let labels = try Toy.labels(200)
    func train(_ folder: URL, resume: Bool, stopAt: Int?) throws -> Bool {
      let stop = StopFlag()
      return try TrainingRun(folder: folder, resume: resume).train(
        Toy.policy("regression", for: labels), on: labels, configuration: Toy.configuration(),
        provenance: ["data": "toy"], progress: StopsAt(done: stopAt ?? .max, stop: stop), stop: stop
      ).isComplete
    }
    let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
    #expect(try train(whole.url, resume: false, stopAt: nil))
    #expect(
      refusal { _ = try train(parts.url, resume: true, stopAt: nil) }.contains("no training state"))
    #expect(try !train(parts.url, resume: false, stopAt: 20))
    #expect(Trainer.hasState(in: parts.url))
    #expect(refusal { _ = try Checkpoint.load(parts.url) } != "accepted")
    #expect(try train(parts.url, resume: true, stopAt: nil))
    #expect(!Trainer.hasState(in: parts.url))
    // The event file holds times; its steps are tested on their own.
    let names = try FileManager.default.contentsOfDirectory(atPath: whole.url.path)
      .filter { !$0.contains("tfevents") }.sorted()
    #expect(names == ["config.json", "log.jsonl", "model.safetensors"])
    for name in names {
      #expect(
        try Data(contentsOf: whole.url.appendingPathComponent(name))
          == Data(contentsOf: parts.url.appendingPathComponent(name)), "\(name)")
    }
    let provenance = try Checkpoint.load(parts.url).configuration.provenance
    #expect(provenance["data"] == "toy" && provenance["labels"] == "200")
  }

  /// Wherever a bit of a saved state flips, resuming says so and changes nothing.
  @Test func aFlippedBitOfAStateIsFound() throws {
    let labels = try Toy.labels(60)
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("training_state.safetensors")
    let trainer = try Toy.trainer("regression", labels, Toy.configuration(steps: 3))
    try trainer.saveState(in: folder.url)
    let whole = try Data(contentsOf: url)
    var random = RandomStream(seed: 7)
    let header = 8 + Int(whole[0]) + Int(whole[1]) << 8
    let places = (0..<60).map { random.integer(below: $0 < 40 ? header : whole.count) }
    for place in places {
      var flipped = whole
      flipped[place] ^= 1 << UInt8(random.integer(below: 8))
      try flipped.write(to: url)
      let sentence = refusal { try trainer.restoreState(from: folder.url) }
      #expect(sentence.contains("training_state.safetensors"), "byte \(place) of \(whole.count): \(sentence)")
    }
    try whole.write(to: url)
    try trainer.restoreState(from: folder.url)
  }

  /// A state of a program that saved no checksum is gone on with.
  @Test func aStateWithoutAChecksumResumes() throws {
    let labels = try Toy.labels(60)
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("training_state.safetensors")
    let trainer = try Toy.trainer("regression", labels, Toy.configuration(steps: 3))
    try trainer.saveState(in: folder.url)
    let state = try TensorFile(reading: url)
    #expect(state.metadata["checksum"]?.hasPrefix("crc32:") == true)
    var old = TensorFileWriter(metadata: state.metadata.filter { $0.key != "checksum" })
    for name in state.names { old.add(name, shape: try state.tensor(name).shape, values: try state.floats(name)) }
    try old.write(to: url)
    try trainer.restoreState(from: folder.url)
    try trainer.run()
    #expect(trainer.step == 3)
  }

  @Test func aStateOfAnotherRunIsRefused() throws {
    let labels = try Toy.labels(200)
    let folder = try TemporaryFolder()
    let trainer = try Toy.trainer("flow", labels, Toy.configuration(steps: 3))
    try trainer.run()
    try trainer.saveState(in: folder.url)

    func refusal(
      _ head: String, _ labels: LabelSet, _ change: (inout TrainingConfiguration) -> Void
    ) throws -> String {
      var configuration = Toy.configuration(steps: 3)
      change(&configuration)
      let other = try Toy.trainer(head, labels, configuration)
      return LearningTests.refusal { try other.restoreState(from: folder.url) }
    }
    #expect(try refusal("flow", labels) { $0.threads = 2 } == "accepted")
    #expect(try refusal("flow", labels) { $0.learningRate = 1e-3 }.contains("other settings"))
    #expect(try refusal("flow", labels) { $0.seed = 9 }.contains("other settings"))
    #expect(try refusal("flow", labels) { $0.steps = 4 }.contains("other settings"))
    // Flow and diffusion have the same tensors.
    #expect(try refusal("diffusion", labels) { _ in }.contains("other settings"))
    #expect(try refusal("regression", labels) { _ in }.contains("other settings"))
    #expect(try refusal("flow", Toy.labels(200, offset: 64)) { _ in }.contains("other settings or labels"))

    let url = folder.url.appendingPathComponent("training_state.safetensors")
    try Data(contentsOf: url).dropLast(9).write(to: url)
    #expect(try refusal("flow", labels) { _ in }.contains("training_state.safetensors"))
  }

  @Test func theValidationLossFalls() throws {
    let trainer = try Toy.trainer("regression", Toy.labels(1_000), Toy.configuration(steps: 150))
    try trainer.run()
    let losses = try trainer.records.map { try #require($0.validationLoss) }
    #expect(losses.count == 10)
    #expect(losses.allSatisfy { $0.isFinite && $0 > 0 })
    #expect(losses[9] < 0.4 * losses[0], "\(losses)")
    #expect(trainer.records[9].trainingLoss < 0.4 * trainer.records[0].trainingLoss)
  }

  /// No episode is on both sides: labels of held-out episodes change no weight.
  @Test func heldOutEpisodesAreNotTrainedOn() throws {
    let episodes = try Toy.plan().episodes(20)
    var (plain, spoilt) = (
      LabelSet(features: PointWorld().features, horizons: Toy.horizons),
      LabelSet(features: PointWorld().features, horizons: Toy.horizons)
    )
    try plain.append(episodes)
    let split = plain.split(validationFraction: 0.2, seed: 3)
    let heldOut = Set(split.validation.map { plain.episode(of: $0) })
    #expect(heldOut.count == 4)
    try spoilt.append(
      episodes.enumerated().map { index, episode in
        var episode = episode
        if heldOut.contains(index) {
          for i in episode.labels.indices {
            episode.labels[i].values = episode.labels[i].values.map { -$0 }
          }
        }
        return episode
      })
    let one = try Toy.trainer("regression", plain, Toy.configuration())
    let two = try Toy.trainer("regression", spoilt, Toy.configuration())
    try one.run()
    try two.run()
    #expect(try savedWeights(one.trainedPolicy) == savedWeights(two.trainedPolicy))
    #expect(one.records.last!.validationLoss! < 0.5 * two.records.last!.validationLoss!)
  }

  @Test func divergenceIsReportedInWords() throws {
    var configuration = Toy.configuration()
    configuration.learningRate = 10
    configuration.weightDecay = 1000
    configuration.warmupSteps = 0
    let trainer = try Toy.trainer("regression", Toy.labels(100), configuration)
    let message = refusal { try trainer.run() }
    #expect(message.contains("training diverged at step"), "\(message)")
    #expect(message.contains("lower the learning rate (now 10"), "\(message)")
    #expect(trainer.hasDiverged)
  }

  /// Held-out windows that no number comes of stop the training too, with the last good state kept and a tensor named.
  @Test func aValidationLossThatIsNoNumberIsReportedInWords() throws {
    let labels = try Toy.labels(100)
    let policy = try Toy.policy("regression", for: labels)
    var configuration = Toy.configuration()
    configuration.steps = 20
    configuration.validationInterval = 10
    var lesson = Lesson(source: try LabelWindows(labels, for: policy, configuration))
    let learned = lesson.loss
    lesson.loss = { policy, batch, rows, tape, noise in
      let loss = learned(policy, batch, rows, tape, &noise)
      return tape.isRecording ? loss : .nan
    }
    let folder = try TemporaryFolder().url
    let message = refusal {
      _ = try TrainingRun(folder: folder).train(policy, on: labels, lesson: lesson, configuration: configuration)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(message.contains("training diverged at step 10: the validation loss is nan"), "\(message)")
    #expect(message.contains("the largest weight, of '"), "\(message)")
    #expect(Trainer.hasState(in: folder))
  }

  @Test func settingsOutOfRangeAreNamed() throws {
    let changes: [(String, (inout TrainingConfiguration) -> Void)] = [
      ("training.steps must be a whole number from 1 to 1000000000, not 0", { $0.steps = 0 }),
      ("training.batch_size must be a whole number from 1 to 65536, not -1", { $0.batchSize = -1 }),
      ("training.batch_size", { $0.batchSize = .max }), ("training.learning_rate", { $0.learningRate = .nan }),
      ("training.learning_rate", { $0.learningRate = .infinity }), ("training.warmup_steps", { $0.warmupSteps = -1 }),
      ("training.average_decay must be a number from 0 to below 1, not 1", { $0.averageDecay = 1 }),
      ("training.validation_fraction", { $0.validationFraction = 1 }),
      ("training.validation_interval", { $0.validationInterval = 0 }), ("training.threads", { $0.threads = 0 }),
    ]
    for (message, change) in changes {
      var configuration = Toy.configuration()
      change(&configuration)
      #expect(refusal { try configuration.validate() }.contains(message))
    }
    let empty = LabelSet(features: PointWorld().features, horizons: Toy.horizons)
    #expect(refusal { _ = try Toy.policy("flow", for: empty) }.contains("no label to train on"))
  }
}
