// The door of learning methods: data, loss, optimizer and hooks of one's own in the one trainer.

import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Synchronization
import Testing
import PlanarToyWorld

/// Learns nothing but the first rows of a set, over and over.
private final class FirstRows: TrainingSource {
  private let windows: LabelWindows
  private(set) var steps: [Int] = []
  let validationBatches: [TrainingBatch] = []

  init(_ windows: LabelWindows) { self.windows = windows }

  func fill(_ batch: inout TrainingBatch, step: Int) throws {
    steps.append(step)
    try windows.fill(&batch, step: 0)
  }

  func epochs(before step: Int) -> Double { 0 }
}

/// A run without files, for methods.
private final class ToyContext: LearningContext {
  let training: TrainingConfiguration
  let horizons = Toy.horizons
  let folder: URL
  let progress: any ProgressReporter = SilentProgress()
  let stop = StopFlag()
  private let notes = Mutex<[String]>([])
  var told: [String] { notes.withLock { $0 } }

  init(_ folder: URL, _ training: TrainingConfiguration = Toy.configuration(steps: 10)) {
    self.folder = folder
    self.training = training
  }

  func note(_ line: String) { notes.withLock { $0.append(line) } }
  func demonstrations() throws -> LabelSet { try Toy.labels(80) }
  func collection() throws -> any LabelCollection { Toy.plan() }
  func emptyLabels(of features: FeatureSet) throws -> LabelSet { LabelSet(features: features, horizons: horizons) }
  func makePolicy(for labels: LabelSet) throws -> TrainablePolicy { try Toy.policy("regression", for: labels) }
}

@Suite struct LessonTests {
  /// What a label set's own way through the trainer gives, said as a lesson.
  @Test func aLessonOfLabelsIsTheTrainersOwn() throws {
    let labels = try Toy.labels(300)
    let configuration = Toy.configuration(steps: 6)
    let plain = try Toy.trainer("flow", labels, configuration)
    try plain.run()
    let policy = try Toy.policy("flow", for: labels)
    let lesson = try BehaviourCloning().lesson(
      for: policy, on: labels, in: ToyContext(FileManager.default.temporaryDirectory, configuration))
    let trainer = try Trainer(policy: policy, lesson: lesson, configuration: configuration)
    try trainer.run()
    #expect(try savedWeights(trainer.trainedPolicy) == savedWeights(plain.trainedPolicy))
    #expect(trainer.records == plain.records)
  }

  @Test func dataLossAndHooksAreTheMethods() throws {
    let labels = try Toy.labels(300)
    let configuration = Toy.configuration(steps: 8)
    let policy = try Toy.policy("regression", for: labels)
    let source = FirstRows(try LabelWindows(labels, for: policy, configuration))
    var lesson = Lesson(source: source)
    // Half the loss: everything else alike, half the logged loss at the first step.
    lesson.loss = { 0.5 * $0.loss($1, rows: $2, on: $3, noise: &$4) }
    var seen: [Int] = []
    lesson.afterStep = { seen.append($0.step) }
    let trainer = try Trainer(policy: policy, lesson: lesson, configuration: configuration)
    try trainer.run()
    #expect(source.steps == Array(0..<8))
    #expect(seen == Array(1...8))
    let record = try #require(trainer.records.last)
    #expect(record.validationLoss == nil && record.epochs == 0)
    // One batch over and over is learned by heart.
    let plain = try Toy.trainer("regression", labels, configuration)
    try plain.run()
    #expect(record.trainingLoss < 0.6 * plain.records[0].trainingLoss)
  }

  /// The state of any optimizer is saved: a resumed run has the bits of one that was not stopped.
  @Test func anotherOptimizerResumes() throws {
    let labels = try Toy.labels(300)
    let configuration = Toy.configuration(steps: 12)
    func trainer() throws -> Trainer {
      let policy = try Toy.policy("regression", for: labels)
      var lesson = Lesson(source: try LabelWindows(labels, for: policy, configuration))
      lesson.optimizer = SGD(layout: policy.parameters.layout)
      return try Trainer(policy: policy, lesson: lesson, configuration: configuration)
    }
    let whole = try trainer()
    try whole.run()
    let folder = try TemporaryFolder()
    let stop = StopFlag()
    // The first step's hook stops the run.
    let policy = try Toy.policy("regression", for: labels)
    var lesson = Lesson(source: try LabelWindows(labels, for: policy, configuration))
    lesson.optimizer = SGD(layout: policy.parameters.layout)
    lesson.afterStep = { if $0.step == 5 { stop.raise() } }
    let first = try Trainer(policy: policy, lesson: lesson, configuration: configuration)
    try first.run(stop: stop)
    #expect(first.step == 5)
    try first.saveState(in: folder.url)
    let second = try trainer()
    try second.restoreState(from: folder.url)
    try second.run()
    #expect(try savedWeights(second.trainedPolicy) == savedWeights(whole.trainedPolicy))
    let adaptive = try Toy.trainer("regression", labels, configuration)
    try adaptive.run()
    #expect(try savedWeights(adaptive.trainedPolicy) != savedWeights(whole.trainedPolicy))
  }

  @Test func methodsCollectInAnyContext() throws {
    let folder = try TemporaryFolder()
    let context = ToyContext(folder.url)
    #expect(try BehaviourCloning().labels(in: context).count == 80)
    var dagger = DAgger()
    dagger.budgets = [60, 120]
    dagger.roundSteps = 5
    dagger.executionHorizon = 3
    #expect(try dagger.labels(in: context).count == 120)
    #expect(context.told.count == 2 && context.told[0].hasPrefix("round 0: β 1.0, 60 labels"))
    let rounds = try String(contentsOf: folder.url.appendingPathComponent("rounds.jsonl"), encoding: .utf8)
    #expect(rounds.split(separator: "\n").count == 2)
  }

  /// Each gate meets its budget exactly, gives the same labels again, and asks elsewhere than the others.
  @Test(arguments: GatedDAgger.Gate.allCases) func gatesMeetTheirBudgets(gate: GatedDAgger.Gate) throws {
    func frames(_ gate: GatedDAgger.Gate) throws -> (count: Int, seen: [[Float]]) {
      let folder = try TemporaryFolder()
      let context = ToyContext(folder.url)
      var method = GatedDAgger()
      (method.gate, method.budgets, method.roundSteps, method.executionHorizon) = (gate, [60, 120], 5, 3)
      try method.validate()
      let labels = try method.labels(in: context)
      #expect(context.told.count == 1 && context.told[0].hasPrefix("round 1: 120 labels of "))
      #expect(context.told[0].hasSuffix("gate \(gate.rawValue)"))
      var seen: [[Float]] = []
      try labels.forEachObservation { seen.append(Array($0)) }
      return (labels.count, seen)
    }
    let first = try frames(gate)
    #expect(first.count == 120)
    #expect(try frames(gate).seen == first.seen)
    for other in GatedDAgger.Gate.allCases where other != gate {
      let others = try frames(other)
      #expect(others.seen.prefix(60) == first.seen.prefix(60), "the demonstrations are the same")
      #expect(others.seen != first.seen, "\(gate) and \(other)")
    }
  }

  @Test func gatesOpenWhereThereIsMostDoubt() throws {
    let doubts: [Float] = [4, 1, 9, 2, 10, 3, 8, 5, 7, 6]
    let gate = try #require(DoubtGate(openingFor: 0.3, of: doubts))
    #expect(doubts.filter(gate.opens) == [9, 10, 8])
    let always = try #require(DoubtGate(openingFor: 1, of: doubts))
    #expect(doubts.allSatisfy(always.opens))
    #expect(DoubtGate(openingFor: 0.3, of: []) == nil)
  }

  @Test func impossibleLinesOfRoundsAndLogsAreTold() throws {
    let folder = try TemporaryFolder()
    func message(_ name: String, _ lines: [String], _ read: (URL) throws -> Int) throws -> String {
      let url = folder.url.appendingPathComponent(name)
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
      do { return "\(try read(folder.url)) lines" } catch {
        return "\(error)".replacing(url.path, with: name)
      }
    }
    func round(_ number: Int, labels: Int, success: Double = 0.5, episodes: Int = 4) -> String {
      #"{"episodes":\#(episodes),"expert_share":0.8,"labels":\#(labels),"round":\#(number),"success_rate":\#(success)}"#
    }
    func rounds(_ lines: String...) throws -> String {
      try message("rounds.jsonl", lines) { try RoundsOnDisk.finished(in: $0).count }
    }
    #expect(try rounds(round(0, labels: 40), round(1, labels: 80)) == "2 lines")
    for second in [
      round(1, labels: -40), round(1, labels: 39), round(1, labels: 80, success: 7), round(1, labels: 80, episodes: -3),
      round(0, labels: 80), "{",
    ] {
      let told = try rounds(round(0, labels: 40), second)
      #expect(told == "rounds.jsonl, line 2: not round 1 of DAgger; start afresh with --overwrite", "\(second)")
    }
    func record(_ step: Int) -> String {
      #"{"epochs":1,"gradient_norm":1,"learning_rate":0.1,"step":\#(step),"training_loss":0.5}"#
    }
    func log(_ lines: String...) throws -> String {
      try message("log.jsonl", lines) { try TrainingRun.records(in: $0).count }
    }
    #expect(try log(record(15), record(30)) == "2 lines")
    for second in [record(15), record(-3), record(30) + "}", "NaN"] {
      #expect(
        try log(record(15), second).hasPrefix("log.jsonl, line 2: not the record of a step after 15"), "\(second)")
    }
  }

  @Test func methodsAreChosenByName() throws {
    #expect(learningMethodRegistry.names == ["behaviour-cloning", "dagger", "gated-dagger"])
    var dagger = DAgger()
    dagger.beta = 0.25
    let data = try JSONEncoder().encode(LearningMethodChoice(dagger))
    let again = try JSONDecoder().decode(LearningMethodChoice.self, from: data)
    #expect(again.method as? DAgger == dagger)
    let short = try JSONDecoder().decode(LearningMethodChoice.self, from: Data(#"{"name": "dagger"}"#.utf8))
    #expect(short.method as? DAgger == DAgger())
    #expect(
      refusal { _ = try LearningMethodChoice(named: "dagge") }
        == "there is no learning method 'dagge' (did you mean 'dagger'?); the learning methods are behaviour-cloning, dagger, gated-dagger"
    )
  }
}
