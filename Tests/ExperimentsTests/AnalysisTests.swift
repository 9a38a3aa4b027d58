// From cells to sentences: a clear difference is called so, chance is not.

import PlanarEvaluation
import PlanarExperiments
import Foundation
import PlanarCore
import Testing

@Suite struct AnalysisTests {
  /// 100 episodes of which every `period`-th fails, from a phase.
  func outcomes(failing period: Int, phase: Int = 0) -> [Bool] {
    (0..<100).map { ($0 + phase) % period != 0 }
  }

  /// BC fails in a half; at 40 labels DAgger does as well, on other episodes, and at 80 it fails in a tenth.
  func comparison() throws -> CovariateShiftResult {
    var cells: [ShiftCell] = []
    for seed: UInt64 in [1, 2] {
      for labels in [40, 80] {
        cells.append(
          try TinyComparison.cell(
            .behaviourCloning, labels: labels, seed: seed, successes: outcomes(failing: 2),
            expertError: 0.1, ownError: labels == 40 ? 0.3 : 0.2, stuckShare: 0.25))
        cells.append(
          try TinyComparison.cell(
            .dagger, labels: labels, seed: seed,
            successes: labels == 40 ? outcomes(failing: 2, phase: 1) : outcomes(failing: 10),
            expertError: 0.2, ownError: 0.24))
        cells.append(
          try TinyComparison.cell(
            .noisyBehaviourCloning, labels: labels, seed: seed,
            successes: labels == 40 ? outcomes(failing: 2) : outcomes(failing: 1)))
      }
    }
    return try TinyComparison.result(cells)
  }

  /// Where every method fails nearly always, nobody is told that DAgger is no better.
  @Test func methodsThatAllFailAreNotJudged() throws {
    let cells = try [ShiftMethod.behaviourCloning, .dagger].map {
      try TinyComparison.cell(
        $0, labels: 40, seed: 1, successes: (0..<100).map { $0 % 12 == 0 }, expertError: 0.1, ownError: 0.3)
    }
    let analysis = CovariateShiftAnalysis(try TinyComparison.result(cells))
    #expect(analysis.isTooBriefToJudge)
    #expect(analysis.text.hasPrefix("- Too brief to judge: with 40 labels each, behaviour cloning obeys 9.0 %"))
    #expect(analysis.text.contains("more labels (--budgets) and gradient steps (--steps) would tell them apart"))
    #expect(!analysis.text.contains("DAgger is above BC"))
    #expect(!CovariateShiftAnalysis(try comparison()).isTooBriefToJudge)
  }

  @Test func aClearDifferenceIsCalledSoAndNoDifferenceIsNot() throws {
    let analysis = CovariateShiftAnalysis(try comparison())
    func difference(_ method: ShiftMethod, _ labels: Int) throws -> CovariateShiftAnalysis.Difference {
      try #require(analysis.differences.first { $0.method == method && $0.labels == labels })
    }
    #expect(analysis.differences.count == 4)
    #expect(!analysis.differences.contains { $0.method == .behaviourCloning })
    let even = try difference(.dagger, 40)
    #expect(even.difference.mean == 0)
    #expect(even.difference.low < -0.1 && even.difference.high > 0.1, "as many up as down is no certainty")
    let better = try difference(.dagger, 80)
    #expect(abs(better.difference.mean - 0.4) < 1e-9)
    #expect(better.difference.low > 0.3 && better.difference.high < 0.5)
    let same = try difference(.noisyBehaviourCloning, 40)
    #expect(same.difference.mean == 0 && same.difference.low <= 0 && same.difference.high >= 0)
    let worse = try difference(.noisyBehaviourCloning, 80)
    #expect(abs(worse.difference.mean + 0.5) < 1e-9 && worse.difference.high < 0)

    let text = analysis.text
    #expect(text.contains("DAgger is above BC at 80 labels"))
    #expect(text.contains("BC + noise is not clearly above BC at any budget, and below it at 80."))
    #expect(
      text.hasPrefix(
        "- With 80 labels each, behaviour cloning obeys 50.0 % of the commands and DAgger 90.0 %: a difference of 40.0 ["
      ), "the answer comes first")
    #expect(text.contains("behaviour cloning errs 2.0 times as much on the states that it brings about"))
    #expect(text.contains("DAgger 1.2 times. Time spent stuck is left out: 25.0 % for behaviour cloning"))
    #expect(
      text.contains("the same 80 labels, 1 round in which the learner drove (the expert took 80.0 % of the chunks)"))
  }

  @Test func rowsAreMeansOverSeeds() throws {
    let cells = try [(1, 2, 0.1), (2, 4, 0.3)].map { seed, period, error in
      try TinyComparison.cell(
        .behaviourCloning, labels: 40, seed: UInt64(seed), successes: outcomes(failing: period),
        expertError: error)
    }
    let analysis = CovariateShiftAnalysis(try TinyComparison.result(cells))
    let row = try #require(analysis.rows.first)
    #expect(analysis.rows.count == 1)
    #expect(abs(row.success.mean - 0.625) < 1e-9)
    #expect(row.success.low < 0.55 && row.success.high > 0.7, "seeds that differ widen the interval")
    #expect(abs(row.expertStateError - 0.2) < 1e-9)
    #expect(row.divergence == [0, 0.5])
    #expect(row.stuckShare == 0)
  }

  /// A pair is one training seed: seeds that only one method has finished are left out.
  @Test func differencesUseSeedsThatBothHave() throws {
    let cells = [
      try TinyComparison.cell(.behaviourCloning, labels: 40, seed: 1, successes: outcomes(failing: 2)),
      try TinyComparison.cell(.dagger, labels: 40, seed: 1, successes: outcomes(failing: 2)),
      try TinyComparison.cell(.dagger, labels: 40, seed: 2, successes: outcomes(failing: 1000, phase: 1)),
    ]
    let analysis = CovariateShiftAnalysis(try TinyComparison.result(cells))
    #expect(analysis.differences.map(\.difference.mean) == [0])
  }

  @Test func theReportTellsEverything() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("planar-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let analysis = CovariateShiftAnalysis(try comparison())
    try analysis.write(to: folder, of: CovariateShift.name)
    let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    for method in ShiftMethod.allCases { #expect(page.contains(method.rawValue)) }
    #expect(page.contains("Execution horizon 1"))
    for labels in ["40", "80"] { #expect(page.contains(">\(labels)<")) }
    #expect(page.components(separatedBy: "<svg").count - 1 == 4, "the drifting path, success, errors, divergence")
    #expect(page.contains("DAgger is above BC at 80 labels"))
    #expect(page.contains("90.0 ["), "the table has success with its interval")
    #expect(page.contains("Held — labels of its own states pay. DAgger minus BC: 40.0 points"))
    #expect(
      page.contains("Refuted — error on its own states over error on the expert&#39;s, BC: above 3.00. Measured: 2.00"))
    let data = try Data(contentsOf: folder.appendingPathComponent("result.json"))
    let again = try JSONDecoder().decode(CovariateShiftAnalysis.self, from: data)
    #expect(again.result == analysis.result)
  }

  @Test func nothingFinishedIsNoCrash() throws {
    let analysis = CovariateShiftAnalysis(try TinyComparison.result([]))
    #expect(analysis.rows.isEmpty && analysis.differences.isEmpty)
    #expect(!analysis.text.isEmpty)
  }
}
