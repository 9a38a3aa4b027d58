// The door of experiments: what is registered, what is logged, and going on with a stopped run.

import ArgumentParser
import PlanarArmEnvironments
import PlanarEvaluation
import PlanarExperiments
import Foundation
import PlanarCore
import Synchronization
import Testing

private func temporaryFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("planar-experiment-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

private func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "accepted"
  } catch { return "\(error)" }
}

@Suite struct ExperimentTests {
  @Test func everyExperimentSaysWhatItExpects() {
    #expect(experimentRegistry.names.contains("covariate-shift"))
    for kind in experimentRegistry.entries {
      let experiment = kind.experiment
      #expect(!experiment.summary.isEmpty && experiment.hypothesis.count > 20 && experiment.prediction.count > 20)
    }
  }

  @Test func aLogGoesOnWithTheSamePlanOnly() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try CellLog<Int>(in: folder, plan: ["a"])
    #expect(first.earlier == [])
    first.append(1)
    first.append(2)
    // A run that was killed in the middle of a line.
    let url = folder.appendingPathComponent("cells.jsonl")
    try (Data(contentsOf: url) + Data("{\"half".utf8)).write(to: url)
    let second = try CellLog<Int>(in: folder, plan: ["a"])
    #expect(second.earlier == [1, 2])
    second.append(2)
    second.append(3)
    #expect(try String(contentsOf: url, encoding: .utf8) == "1\n2\n3\n")
    #expect(refusal { _ = try CellLog<Int>(in: folder, plan: ["b"]) }.contains("other settings (plan.json)"))
  }

  /// A line that is no cell of the plan is told: dropped in silence, hours of work would be done again.
  @Test func aLogWithADamagedLineIsNotGoneOnWith() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("cells.jsonl")
    func log(_ text: String) throws -> CellLog<Int> {
      try Data(text.utf8).write(to: url)
      return try CellLog<Int>(in: folder, plan: ["a"]) { cell, before in
        before.contains(cell) ? "is cell \(cell) again" : cell > 9 ? "is cell \(cell), of which there are 9" : nil
      }
    }
    _ = try CellLog<Int>(in: folder, plan: ["a"])
    #expect(try log("1\n2\n").earlier == [1, 2])
    #expect(try log("1\n2").earlier == [1])
    // What never reached the disk when the power failed.
    #expect(try log("1\n\0\0\n3\n").earlier == [1, 3])
    for (text, told) in [
      ("1\n2x\n3\n", "line 2: is no cell of this experiment"), ("1\n2\n\"3\"\n", "line 3: is no cell"),
      ("1\n2\n1\n", "line 3: is cell 1 again"), ("10\n", "line 1: is cell 10, of which there are 9"),
    ] {
      let message = refusal { _ = try log(text) }
      #expect(message.hasPrefix("\(url.path), \(told)") && message.hasSuffix("remove the line to run its cell again"))
      #expect(try String(contentsOf: url, encoding: .utf8) == text, "the file is left as it is")
    }
  }

  @Test func cellsMustBeThoseOfTheComparison() throws {
    let configuration = TinyComparison.configuration
    let cells = try TinyComparison.run(threads: 2).cells
    for (index, cell) in cells.enumerated() {
      #expect(configuration.problem(of: cell, after: Array(cells[..<index])) == nil)
    }
    func problem(_ change: (inout ShiftCell) -> Void) -> String {
      var cell = cells[0]
      change(&cell)
      return configuration.problem(of: cell, after: Array(cells[1...])) ?? "none"
    }
    #expect(problem { _ in } == "none")
    #expect(problem { $0.labels = 41 }.hasSuffix("which plan.json does not ask for"))
    #expect(problem { $0.trainingSeed = 3 }.hasSuffix("which plan.json does not ask for"))
    #expect(problem { $0 = cells[1] }.hasSuffix("which a line before it has"))
    #expect(problem { $0.successes = [true] }.hasSuffix("with 1 of 6 evaluation episodes"))
    #expect(problem { $0.ownStateError = -1 }.contains("an error below 0"))
    #expect(problem { $0.divergence = [] }.contains("divergences"))
    #expect(problem { $0.stuckShare = 1.5 }.contains("divergences"))
    let film = try #require(cells.lazy.compactMap(\.films.first).first)
    #expect(problem { $0.films = [film] } == "none")
    #expect(
      problem {
        $0.films = [film]
        $0.films[0].bounds = []
      }.hasSuffix("a film without frames or bounds"))
  }

  /// Cells of an earlier run are taken over, and the others have the bits of a run that was not stopped.
  @Test func aStoppedComparisonGoesOn() throws {
    let whole = try TinyComparison.run(threads: 2)
    let kept = whole.cells.filter { $0.method != .dagger }
    let seen = Mutex<[ShiftCell]>([])
    let again = try TinyComparison.run(threads: 2, earlier: kept + [whole.cells.last!]) { cell in
      seen.withLock { $0.append(cell) }
    }
    #expect(again == whole)
    // With the demonstrations alone DAgger is behaviour cloning: its job measures both.
    let shared = TinyComparison.configuration.labelBudgets[0]
    #expect(
      seen.withLock { cells in
        !cells.isEmpty
          && cells.allSatisfy { $0.method == .dagger || ($0.method == .behaviourCloning && $0.labels == shared) }
      })
  }

  /// Every environment's own expert labels, and the result names the environment.
  @Test func theExpertIsTheEnvironments() throws {
    var configuration = TinyComparison.configuration
    configuration.labelBudgets = [20, 40]
    configuration.trainingSeeds = [1]
    configuration.training.steps = 3
    configuration.evaluationEpisodes = 2
    configuration.labelledEvaluationEpisodes = 1
    for name in ["trace", "pusht"] {
      func run<World: LibraryEnvironment>(_ world: World) throws -> CovariateShiftResult {
        try compareCovariateShift(configuration, world: world, threads: 2)
      }
      let result = try run(EnvironmentLibrary.environment(named: name, randomization: "none"))
      #expect(result.environment == name)
      #expect(result.expertSuccessRate >= 0.75, "\(name): \(result.expertSuccessRate)")
      #expect(result.cells.allSatisfy { $0.divergence.allSatisfy(\.isFinite) })
      #expect(result.cells.contains { $0.divergence.contains { $0 > 0 } }, "\(name): states are compared")
    }
  }

  @Test func anEnvironmentWithoutExpertIsRefused() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func run(_ environment: String, randomization: String = "none") -> String {
      refusal {
        _ = try CovariateShift.run(
          CovariateShift.Options.parse([]),
          ExperimentSetting(
            environment: environment, settings: EnvironmentSettings(randomization: randomization), threads: 1,
            folder: folder))
      }
    }
    #expect(
      run("pusht-arm")
        == "environment 'pusht-arm' has no scripted expert, which covariate-shift needs for its labels; take one that has, such as --environment push"
    )
    #expect(run("push", randomization: "real").hasPrefix("'real' stands for a robot"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
