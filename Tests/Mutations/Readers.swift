// What reads files that somebody else may have written, each with files to begin with.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarDatasets
import PlanarEvaluation
import PlanarExperiments
import PlanarLanguage
import PlanarLearning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarSceneDrawing
import PlanarTensorFiles
import PlanarViewer
import PlanarWebScreen

/// A reader of the program.
struct Reader {
  /// What it reads, in a word.
  var name: String
  var form: FileForm
  /// Whole files; what lies beside one of them is beside the changed one too.
  var seeds: [URL]
  /// Reads a file as a command would, and looks at all that it holds.
  var read: (URL) throws -> Void
}

/// All readers.
///
/// - Parameter seeds: what `Seeds` has made.
func readers(_ seeds: URL, project: URL) throws -> [Reader] {
  let environments = try folders(in: project.appendingPathComponent("Environments"), holding: "environment.yaml")
  let checkpoints = try folders(in: project.appendingPathComponent("Assets/checkpoints"), holding: "config.json")
  // Without MiniLM's own files no checkpoint is read that needs them.
  let readable = try checkpoints.filter {
    guard case .miniLM = try Checkpoint.configuration(of: $0).text else { return true }
    return MiniLM.isFetched
  }
  let evaluations = ["evaluated", "swept"].map { seeds.appendingPathComponent($0) }
  let data = ["data", "data-images"].map { seeds.appendingPathComponent($0) }
  func files(_ folders: [URL], _ name: String) -> [URL] { folders.map { $0.appendingPathComponent(name) } }
  func seed(_ path: String) -> [URL] { [seeds.appendingPathComponent(path)] }
  let tiny = try TinyRun(seeds)
  let grammar = try EnvironmentLibrary.grammar(of: "push")
  return [
    Reader(
      name: "recipe", form: .yaml, seeds: try contents(of: project.appendingPathComponent("Assets/recipes"), "yaml")
    ) { _ = try Recipe(reading: $0).json() },
    Reader(name: "environment", form: .yaml, seeds: files(environments, "environment.yaml")) {
      try look(at: $0.deletingLastPathComponent())
    },
    Reader(name: "commands", form: .yaml, seeds: files(environments, "commands.yaml")) {
      let grammar = try EnvironmentLibrary.grammar(of: $0.deletingLastPathComponent().path)
      _ = try? grammar.parse("push the red square to the left zone")
      _ = try? grammar.parse("빨간 사각형을 왼쪽 구역으로 밀어")
    },
    Reader(
      name: "wordings", form: .text, seeds: try contents(of: project.appendingPathComponent("Assets/wordings"), "txt")
    ) { _ = try UserWordings(contentsOf: $0, for: grammar) },
    Reader(name: "config", form: .json, seeds: files(readable, "config.json") + seed("policy/config.json")) {
      _ = try Checkpoint.load($0.deletingLastPathComponent())
    },
    Reader(name: "weights", form: .tensors, seeds: seed("unchecked/model.safetensors")) {
      _ = try Checkpoint.load($0.deletingLastPathComponent())
    },
    Reader(name: "info", form: .json, seeds: files(data, "info.json")) { try check(dataset: $0) },
    Reader(name: "stats", form: .json, seeds: files(data, "stats.json")) { try check(dataset: $0) },
    Reader(
      name: "shard", form: .tensors,
      seeds: files(
        ["data-unchecked", "data-images"].map { seeds.appendingPathComponent($0) }, "episodes-00000.safetensors")
    ) { try check(dataset: $0) },
    Reader(name: "episodes", form: .lines, seeds: files([evaluations[0]], "episodes.jsonl")) {
      let folder = $0.deletingLastPathComponent()
      let plan = try JSONDecoder().decode(
        EvaluationPlan.self, from: Data(contentsOf: seeds.appendingPathComponent("evaluated/evaluation.json")))
      _ = try EvaluationLog(in: folder, of: plan, resumes: true)
      let run = try EvaluationRun(reading: folder)
      _ = try EvaluationTables(of: [run]).markdown
      _ = try run.outcomes()
    },
    Reader(name: "summary", form: .json, seeds: files([evaluations[0]], "summary.json")) {
      let runs = try EvaluationRun.all(below: $0.deletingLastPathComponent())
      _ = try EvaluationTables(of: runs).markdown
    },
    Reader(name: "measured", form: .json, seeds: seed("measured/measured.json")) {
      let runs = try EvaluationRun.all(below: $0.deletingLastPathComponent())
      _ = try EvaluationTables(of: runs).markdown
    },
    Reader(name: "plan", form: .json, seeds: seed("evaluated/evaluation.json")) {
      let plan = try JSONDecoder().decode(
        EvaluationPlan.self, from: Data(contentsOf: seeds.appendingPathComponent("evaluated/evaluation.json")))
      _ = try EvaluationLog(in: $0.deletingLastPathComponent(), of: plan, resumes: true)
    },
    Reader(name: "points", form: .lines, seeds: seed("swept/points.jsonl")) {
      let plan = try JSONDecoder().decode(
        SweepPlan.self, from: Data(contentsOf: seeds.appendingPathComponent("swept/evaluation.json")))
      _ = try SweepLog(in: $0.deletingLastPathComponent(), of: plan, resumes: true)
    },
    Reader(name: "cells", form: .lines, seeds: seed("compared/cells.jsonl")) {
      _ = try Seeds.cells(in: $0.deletingLastPathComponent())
    },
    Reader(name: "state", form: .tensors, seeds: seed("run/training_state.safetensors")) {
      try tiny.trainer.restoreState(from: $0.deletingLastPathComponent())
    },
    Reader(name: "log", form: .lines, seeds: seed("policy/log.jsonl")) {
      _ = try TrainingRun.records(in: $0.deletingLastPathComponent())
    },
    Reader(name: "times", form: .json, seeds: seed("run/times.json")) {
      _ = try RunTimes(reading: $0.deletingLastPathComponent())
    },
    Reader(name: "rounds", form: .lines, seeds: seed("run/rounds.jsonl")) {
      _ = try RoundsOnDisk.finished(in: $0.deletingLastPathComponent())
    },
    Reader(name: "events", form: .bytes, seeds: seed("run/events.out.tfevents.1.planar")) {
      let log = try TrainingRun.records(in: seeds.appendingPathComponent("policy"))
      _ = try EventFile(in: $0.deletingLastPathComponent(), keepingSteps: 20, of: log)
      try requireWholeEvents($0, like: seeds.appendingPathComponent("run/events.out.tfevents.1.planar"))
    },
    Reader(name: "latency", form: .json, seeds: seed("run/latency.json")) {
      _ = try SettingsNode(json: settingsText($0), file: $0.path).decode(PolicyLatencyReport.self)
    },
    Reader(name: "bytepair", form: .json, seeds: seed("run/bytepair.json")) {
      let vocabulary = try SettingsNode(json: settingsText($0), file: $0.path).decode(BytePairVocabulary.self)
      _ = vocabulary.identifiers(of: "push the red square 빨간 사각형을")
    },
    Reader(
      name: "wordpiece", form: .text, seeds: seed("run/vocab.txt")
    ) { _ = try WordPieceTokenizer(contentsOf: $0).encode("push the red square e\u{301} 빨간") },
    Reader(
      name: "tensors", form: .tensors, seeds: seed("run/small.safetensors") + seed("run/training_state.safetensors")
    ) {
      let file = try TensorFile(reading: $0)
      for name in file.names where try file.tensor(name).type == .float32 { _ = try file.floats(name) }
    },
    Reader(name: "png", form: .png, seeds: seed("run/picture.png")) { _ = try Image(contentsOfPNG: $0.path) },
    Reader(name: "comparison", form: .json, seeds: seed("decided/comparison.json")) {
      _ = try SettingsNode(json: settingsText($0), file: $0.path).decode(PolicyComparison.self).headline
    },
    Reader(name: "sweep", form: .json, seeds: seed("swept/sweep.json")) {
      _ = try SettingsNode(json: settingsText($0), file: $0.path).decode(SweepResult.self).headline
    },
    Reader(name: "verdict", form: .json, seeds: seed("run/verdict.json")) {
      _ = try ExperimentVerdict(reading: $0.deletingLastPathComponent())
    },
    Reader(name: "beginning", form: .json, seeds: seed("evaluated/command.json")) {
      _ = try RunBeginning(reading: $0.deletingLastPathComponent())
    },
    Reader(
      name: "pages", form: .json, seeds: try contents(of: seeds.appendingPathComponent("pages"), "json"), read: readPage
    ),
    Reader(
      name: "sentences", form: .text, seeds: seed("run/sentences.txt"),
      read: try sentenceReader(grammar, seeds, project)),
  ]
}

/// Texts that a person might type, put to the grammar and to both tokenizers.
private func sentenceReader(_ grammar: CommandGrammar, _ seeds: URL, _ project: URL) throws -> (URL) throws -> Void {
  let tidy = try EnvironmentLibrary.grammar(of: "tidy")
  let pieces = try SettingsNode(
    json: settingsText(seeds.appendingPathComponent("run/bytepair.json")), file: "bytepair.json"
  ).decode(BytePairVocabulary.self)
  let words = try WordPieceTokenizer(
    contentsOf: project.appendingPathComponent("Tests/LanguageTests/Resources/vocab.txt"))
  return { url in
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    // What the tokenizers answer has its form, whatever they are asked.
    let row = pieces.encode(text, length: 32)
    guard row.count == 32, row.allSatisfy({ (0..<Int32(pieces.count)).contains($0) }) else {
      throw WrongAnswer(what: "sub-words \(row)")
    }
    let identifiers = words.encode(text).identifiers
    guard (2...WordPieceTokenizer.limit).contains(identifiers.count),
      identifiers.allSatisfy({ (0..<Int32(words.count)).contains($0) })
    else { throw WrongAnswer(what: "word pieces \(identifiers)") }
    _ = pieces.unknownWords(in: text)
    _ = words.unknownWords(in: text)
    if let first = try? grammar.parse(text), try grammar.parse(text) != first {
      throw WrongAnswer(what: "two meanings")
    }
    _ = try? tidy.parse(text)
    do { _ = try UserWordings(text, file: url.path, for: grammar) } catch is UserError {}
    do { _ = try grammar.parse(text) } catch let error as UserError {
      // A sentence has no file: what the refusal says of it is checked.
      throw UserError("\(url.path): \(error.message)")
    }
  }
}

/// What a browser's page sends: it is taken or dropped, and what is taken has places and numbers that a window can have.
private func readPage(_ url: URL) throws {
  guard let message = PageMessage(try Data(contentsOf: url)) else {
    throw UserError("\(url.path) is no message of a page")
  }
  for event in message.events(in: nil) {
    switch event {
    case .mouseMoved(let place), .mousePressed(let place, _), .mouseReleased(let place, _):
      guard place.x.isFinite, place.y.isFinite else { throw WrongAnswer(what: "\(event)") }
    case .scrolled(let place, let turn):
      guard place.x.isFinite, place.y.isFinite, turn.isFinite else { throw WrongAnswer(what: "\(event)") }
    case .slid(_, let share):
      guard (0...1).contains(share) else { throw WrongAnswer(what: "\(event)") }
    default: break
    }
  }
}

/// An answer that is none, where nothing was thrown.
struct WrongAnswer: Error {
  var what: String
}

/// Loads an environment and begins an episode, as every command does that drives.
private func look(at folder: URL) throws {
  _ = try EnvironmentSummary(folder: folder)
  func begin(_ world: some LibraryEnvironment) throws {
    var world = world
    _ = try world.reset(seed: 1, command: .drawn)
    _ = world.step(Action(repeating: 0, count: world.features.action.count))
  }
  try begin(EnvironmentLibrary.environment(folder: folder, settings: EnvironmentSettings(randomization: "train")))
}

/// Whether an event file has whole records, as many as another: TensorBoard reads no further than to a damaged one.
private func requireWholeEvents(_ file: URL, like other: URL) throws {
  func count(_ url: URL) throws -> Int {
    let bytes = [UInt8](try Data(contentsOf: url))
    func number(_ place: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * $1) }
    }
    var (place, records) = (0, 0)
    while place < bytes.count {
      guard place + 16 <= bytes.count, number(place + 8, 4) == CRC32C.masked(bytes[place..<place + 8]),
        number(place, 8) <= bytes.count - place - 16
      else { throw WrongAnswer(what: "a torn record at byte \(place)") }
      let message = bytes[place + 12..<place + 12 + Int(number(place, 8))]
      guard number(message.endIndex, 4) == CRC32C.masked(message) else {
        throw WrongAnswer(what: "a damaged record at byte \(place)")
      }
      place = message.endIndex + 4
      records += 1
    }
    return records
  }
  let (found, wanted) = (try count(file), try count(other))
  guard found == wanted else { throw WrongAnswer(what: "\(found) records in place of \(wanted)") }
}

/// Everything that looks at a dataset.
private func check(dataset file: URL) throws {
  let folder = file.deletingLastPathComponent()
  let check = try DatasetCheck(of: folder)
  for problem in check.problems {
    try requireSentence(problem.problem, about: nil)
  }
  _ = try DatasetSummary(of: EpisodeStore(reading: folder))
  if let problem = check.problems.first { throw UserError("\(file.path): \(problem.problem)") }
}

private func folders(in folder: URL, holding name: String) throws -> [URL] {
  try contents(of: folder, "").filter {
    FileManager.default.fileExists(atPath: $0.appendingPathComponent(name).path)
  }
}

private func contents(of folder: URL, _ ending: String) throws -> [URL] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    .filter { ending.isEmpty || $0.hasSuffix(".\(ending)") }.map { folder.appendingPathComponent($0) }
}
