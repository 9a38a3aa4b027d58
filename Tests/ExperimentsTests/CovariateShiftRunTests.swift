// The comparison itself: complete, fair at its first budget, the same for any number of threads.

import PlanarArmEnvironments
import PlanarExperiments
import Foundation
import PlanarCore
import Synchronization
import Testing

@Suite struct CovariateShiftRunTests {
  @Test func everyCellIsThereOnAnyNumberOfThreads() throws {
    let configuration = TinyComparison.configuration
    let seen = Mutex<[ShiftCell]>([])
    let result = try TinyComparison.run(threads: 2) { cell in seen.withLock { $0.append(cell) } }
    #expect(try TinyComparison.run(threads: 1) == result)

    var expected: [String] = []
    for method in ShiftMethod.allCases {
      for horizon in configuration.executionHorizons {
        for labels in configuration.labelBudgets {
          for seed in configuration.trainingSeeds {
            expected.append("\(method) \(horizon) \(labels) \(seed)")
          }
        }
      }
    }
    func name(_ cell: ShiftCell) -> String {
      "\(cell.method) \(cell.executionHorizon) \(cell.labels) \(cell.trainingSeed)"
    }
    #expect(result.cells.map(name) == expected)
    #expect(seen.withLock { Set($0.map(name)) } == Set(expected))
    #expect(seen.withLock { $0.count } == expected.count)
    for cell in result.cells {
      #expect(cell.successes.count == 6)
      #expect(cell.expertStateError > 0 && cell.expertStateError.isFinite)
      #expect(cell.ownStateError > 0 && cell.ownStateError.isFinite)
      #expect(cell.divergence.count == result.frames.count)
      #expect(abs(cell.divergence[0]) < 1e-9, "all start in the same scenes")
      #expect(cell.divergence.contains { $0 > 0 })
      let isFilmed = cell.trainingSeed == 1 && cell.labels == 80 && cell.executionHorizon == 1
      #expect(cell.films.count == (isFilmed ? 4 : 0) && cell.paths.count == 4)
    }
    #expect(result.expertSuccessRate > 0.5)

    // With the demonstrations alone, DAgger is behaviour cloning: same labels, same seed, same policy. With the
    // next budget it is not, and noise makes other demonstrations from the start.
    func cells(_ method: ShiftMethod, _ labels: Int) -> [ShiftCell] {
      result.cells.filter { $0.method == method && $0.labels == labels }.map {
        var cell = $0
        cell.method = .dagger
        return cell
      }
    }
    #expect(cells(.dagger, 40) == cells(.behaviourCloning, 40))
    #expect(cells(.dagger, 80) != cells(.behaviourCloning, 80))
    #expect(cells(.noisyBehaviourCloning, 40) != cells(.behaviourCloning, 40))
    // Two training seeds learn from other episodes and other weights.
    let errors = cells(.behaviourCloning, 40).map(\.expertStateError)
    #expect(Set(errors).count > 2)
  }

  @Test func aStoppedRunReportsWhatThereIs() throws {
    let stop = StopFlag()
    let result = try TinyComparison.run(threads: 1, stop: stop) { _ in stop.raise() }
    #expect(
      result.cells.count == 4, "the policy under way is finished, at both horizons, for DAgger and as behaviour cloning"
    )
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("planar-comparison-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let analysis = CovariateShiftAnalysis(result)
    try analysis.write(to: folder, of: CovariateShift.name)
    let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    #expect(page.contains("DAgger") && page.contains("</html>"))
    #expect(analysis.rows.count == 4 && analysis.differences.count == 2)
  }

  @Test func settingsOutOfRangeAreNamed() throws {
    let changes: [(String, (inout CovariateShiftConfiguration) -> Void)] = [
      ("ascending", { $0.labelBudgets = [80, 40] }),
      ("β", { $0.expertShare = 2 }),
      ("needs a training seed", { $0.trainingSeeds = [] }),
      ("must differ", { $0.trainingSeeds = [1, 1] }),
      ("1 … 16", { $0.executionHorizons = [17] }),
      ("1 … 16", { $0.executionHorizons = [0] }),
      ("label stride", { $0.labelStride = 0 }),
      ("1 to 6 are labelled", { $0.labelledEvaluationEpisodes = 7 }),
      ("those for training", { $0.firstEvaluationSeed = 999_995 }),
      ("steps must be", { $0.training.steps = 0 }),
    ]
    for (message, change) in changes {
      var configuration = TinyComparison.configuration
      change(&configuration)
      let error = #expect(throws: UserError.self) { try configuration.validate() }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
    try TinyComparison.configuration.validate()
    try CovariateShiftConfiguration.full.validate()
    try CovariateShiftConfiguration.quick.validate()
  }
}
