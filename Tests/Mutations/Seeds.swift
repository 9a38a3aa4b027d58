// Whole files of every kind, as the program writes them.

import Foundation
import PlanarCore
import PlanarDatasets
import PlanarEvaluation
import PlanarExperiments
import PlanarLanguage
import PlanarLearning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarProgramTesting
import PlanarRollouts
import PlanarSceneDrawing
import PlanarTensorFiles
import PlanarToyWorld
import PlanarWebScreen

enum Seeds {
  /// The comparison that the cells belong to.
  static let comparison = {
    var configuration = CovariateShiftConfiguration.quick
    configuration.measuresClonesAtEveryBudget = true
    return configuration
  }()

  /// Writes them into a folder.
  static func make(in folder: URL) throws {
    func planar(_ arguments: String..., status: Int32 = 0) throws {
      let run = try run("planar", arguments)
      guard run.status == status else { throw UserError("planar \(arguments): \(run.errors)") }
    }
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    try planar("record", "--environment", "reach", "--episodes", "5", "--output", path("data"))
    try planar(
      "record", "--environment", "push", "--episodes", "1", "--image", "16", "--output", path("data-images"))
    let evaluation = ["eval", "--policy", "expert", "--environment", "push", "--episodes"]
    for arguments in [
      ["12", "--output", path("evaluated")], ["4", "--sweep", "friction=0.1:0.5:3", "--output", path("swept")],
    ] {
      let run = try run("planar", evaluation + arguments)
      guard run.status == 0 else { throw UserError("planar eval: \(run.errors)") }
    }
    try copy(path("data"), to: path("data-unchecked"), editing: "info.json") { text in
      text.replacing(/"checksum"\s*:\s*"[^"]*",\s*/, with: "").replacing(/,\s*"checksum"\s*:\s*"[^"]*"/, with: "")
    }
    try manager.createDirectory(atPath: path("measured"), withIntermediateDirectories: true)
    let summary = try Data(contentsOf: folder.appendingPathComponent("evaluated/summary.json"))
    try (Data("[".utf8) + summary + Data("]".utf8)).write(to: folder.appendingPathComponent("measured/measured.json"))
    try makeRun(in: folder)
    // Four episodes decide nothing, which the exit code says.
    try planar(
      "compare", "policies", "push-flow", "push-regression", "--environment", "push", "--episodes", "4", "--output",
      path("decided"), status: 3)
    try writeSummary(
      ExperimentVerdict(experiment: "delay", headline: "late answers cost 12 points [8, 16]", arguments: ["--quick"]),
      to: folder.appendingPathComponent("run/verdict.json"))
    try makePages(in: folder.appendingPathComponent("pages", isDirectory: true))
    try makeCells(in: folder.appendingPathComponent("compared", isDirectory: true))
  }

  private static var manager: FileManager { .default }

  private static func copy(_ old: String, to new: String, editing name: String, _ edit: (String) -> String) throws {
    try manager.copyItem(atPath: old, toPath: new)
    let text = try String(contentsOfFile: "\(new)/\(name)", encoding: .utf8)
    let edited = edit(text)
    guard edited != text else { throw UserError("\(new)/\(name) has no checksum to leave out") }
    try edited.write(toFile: "\(new)/\(name)", atomically: true, encoding: .utf8)
  }

  /// A training's folder, and one of its checkpoint.
  private static func makeRun(in folder: URL) throws {
    let run = folder.appendingPathComponent("run", isDirectory: true)
    try manager.createDirectory(at: run, withIntermediateDirectories: true)
    let tiny = try TinyRun(nil)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: run.appendingPathComponent(name))
    }
    let checkpoint = folder.appendingPathComponent("policy", isDirectory: true)
    _ = try TrainingRun(folder: checkpoint).train(
      tiny.policy, on: tiny.labels, configuration: TinyRun.configuration)
    try copy(checkpoint.path, to: folder.appendingPathComponent("unchecked").path, editing: "config.json") { text in
      text.replacing(/,\s*"weightsChecksum"\s*:\s*"[^"]*"/, with: "")
    }
    try tiny.trainer.run()
    try tiny.trainer.saveState(in: run)
    let events = try manager.contentsOfDirectory(atPath: checkpoint.path).filter { $0.contains("tfevents") }
    try manager.copyItem(
      at: checkpoint.appendingPathComponent(events[0]), to: run.appendingPathComponent("events.out.tfevents.1.planar"))
    try write(#"{"collecting":1.5,"measuring":0,"threads":2,"training":12.25}"#, "times.json")
    let rounds = (0..<3).map {
      #"{"episodes":4,"expert_share":0.8,"labels":\#(40 * ($0 + 1)),"round":\#($0),"success_rate":0.25}"#
    }
    try write(rounds.joined(separator: "\n") + "\n", "rounds.jsonl")
    try write(
      #"{"policies":[{"policy":"flow","sampling_steps":4,"p50_us":812.5,"p95_us":900,"chunks_per_s_at_32":12000.5}]}"#,
      "latency.json")
    let sentences = [
      "push the red square to the left zone", "빨간 사각형을 왼쪽 구역으로 밀어",
      "push the red square to the left zone, then push the blue disc to the right zone",
      "push the square nearest to the blue disc to the green zone", "파란 원을 그대로 두고 red square를 left 구역으로 밀어",
    ]
    try write(sentences.joined(separator: "\n"), "sentences.txt")
    try write(
      String(decoding: JSONEncoder().encode(BytePairVocabulary(commands: sentences, limit: 120)), as: UTF8.self),
      "bytepair.json")
    let pieces = [
      "[PAD]", "[UNK]", "[CLS]", "[SEP]", "push", "the", "##ed", "red", "square", "빨", "##간", "e", "##s", "!",
    ]
    try write(pieces.joined(separator: "\n") + "\n", "vocab.txt")
    var tensors = TensorFileWriter(metadata: ["format": "pt", "inner": #"{"a": [1, 2]}"#])
    tensors.add("a", shape: [2, 3], values: (0..<6).map(Float.init))
    tensors.add("b", shape: [], values: [Int32(7)])
    tensors.add("empty", shape: [0, 4], values: [Float]())
    try tensors.write(to: run.appendingPathComponent("small.safetensors"))
    var pixels: [UInt8] = []
    for pixel in 0..<24 * 16 { pixels += [UInt8(pixel % 251), UInt8(pixel * 7 % 256), UInt8(pixel / 2), 255] }
    try Data(Image(width: 24, height: 16, pixels: pixels).pngData()).write(
      to: run.appendingPathComponent("picture.png"))
  }

  /// A message of each kind.
  private static func makePages(in folder: URL) throws {
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    let messages = [
      #"{"kind":"drawn","number":12}"#, #"{"kind":"command","text":"push the red square to the left zone"}"#,
      #"{"kind":"typing","isOn":true}"#, #"{"kind":"key","key":"left","alt":true,"shift":false}"#,
      #"{"kind":"character","text":"+"}"#, #"{"kind":"choice","text":"policy"}"#, #"{"kind":"switch","text":"ghost"}"#,
      #"{"kind":"slid","text":"friction","share":0.25}"#, #"{"kind":"scrub","number":40}"#,
      #"{"kind":"move","x":0.1,"y":-0.2}"#, #"{"kind":"press","x":0.1,"y":-0.2,"button":0}"#,
      #"{"kind":"release","x":0.1,"y":-0.2,"button":2}"#, #"{"kind":"scroll","x":0.1,"y":-0.2,"turn":-1.5}"#,
    ]
    for (number, message) in messages.enumerated() {
      guard PageMessage(Data(message.utf8)) != nil else { throw UserError("\(message) is no message of a page") }
      try Data(message.utf8).write(to: folder.appendingPathComponent("message-\(number).json"))
    }
  }

  /// The log of the comparison's cells in a folder.
  static func cells(in folder: URL) throws -> CellLog<ShiftCell> {
    try CellLog(in: folder, plan: comparison, problem: comparison.problem(of:after:))
  }

  private static func makeCells(in folder: URL) throws {
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    let log = try cells(in: folder)
    let successes = [Bool](repeating: true, count: comparison.evaluationEpisodes)
    let text = """
      {"method":"BC","labels":0,"trainingSeed":1,"executionHorizon":8,"successes":\(successes),"expertStateError":0.25,"ownStateError":0.5,"stuckShare":0.25,"paths":[[[0,0.1,0.2,0.3]]],"films":[{"title":"BC","caption":"push it","bounds":[0,0,400,200],"background":"#ffffff","rate":5,"frames":[["1 =","0 d 100,200,50 #ff0000"]]}],"divergence":[0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1,1.1,1.2]}
      """
    var cell = try JSONDecoder().decode(ShiftCell.self, from: Data(text.utf8))
    for labels in comparison.labelBudgets {
      cell.labels = labels
      log.append(cell)
    }
    try log.requireWritten()
  }
}

/// A policy of a few numbers in the point world, and its training.
struct TinyRun {
  static let configuration = TrainingConfiguration(
    steps: 20, batchSize: 16, warmupSteps: 2, validationFraction: 0.2, validationInterval: 5, seed: 3)
  let labels: LabelSet
  let policy: TrainablePolicy
  let trainer: Trainer

  /// The same for every folder: nothing is read.
  init(_ seeds: URL?) throws {
    let horizons = Horizons(observation: 2, prediction: 6, execution: 3)
    let plan = CollectionPlan(
      world: PointWorld(), expert: PointExpert(), labels: .everyFrames(4), labelHorizon: horizons.prediction)
    var labels = LabelSet(features: PointWorld().features, horizons: horizons)
    try labels.append(plan.episodes(8))
    self.labels = labels
    policy = try makePolicy(
      head: HeadChoice(named: "flow"), size: .small, for: labels, environment: "point", seed: 5,
      text: .learned(LearnedTextSettings(commands: labels.commands, width: 8, heads: 1))
    ) { configuration in
      configuration.trunk.width = 8
      configuration.trunk.heads = 1
      configuration.trunk.layers = 1
      var decoder = MLPDecoder.Configuration()
      (decoder.width, decoder.blocks, decoder.hidden) = (8, 1, 1)
      (decoder.conditionWidth, decoder.timeWidth) = (8, 8)
      configuration.decoder = .mlp(decoder)
    }
    trainer = try Trainer(policy: policy, labels: labels, configuration: Self.configuration)
  }
}
