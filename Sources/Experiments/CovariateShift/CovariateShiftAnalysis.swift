// From cells to figures with intervals.

import PlanarEvaluation
import Foundation
import PlanarCore

/// Means over training seeds, with intervals, and paired differences between methods.
public struct CovariateShiftAnalysis: Codable, Sendable {
  /// One method at one budget and execution horizon.
  public struct Row: Codable, Sendable {
    /// How the labels were collected.
    public var method: ShiftMethod
    /// Actions executed per chunk.
    public var executionHorizon: Int
    /// The label budget.
    public var labels: Int
    /// Mean over seeds and episodes; bootstrap over both.
    public var success: BootstrapEstimate
    /// Means over seeds.
    public var expertStateError: Double
    /// Mean imitation error on the states that the policy itself visited.
    public var ownStateError: Double
    /// Mean over seeds of the energy distance to the expert's states, at `result.frames`.
    public var divergence: [Double]
  }

  /// How much more often a method succeeds than behaviour cloning on the same episodes.
  public struct Difference: Codable, Sendable {
    /// The method that is compared with behaviour cloning.
    public var method: ShiftMethod
    /// Actions executed per chunk.
    public var executionHorizon: Int
    /// The label budget.
    public var labels: Int
    /// Its success rate less behaviour cloning's, with an interval over seeds and episodes.
    public var difference: BootstrapEstimate
  }

  /// What was measured.
  public var result: CovariateShiftResult
  /// One per method, execution horizon and budget.
  public var rows: [Row]
  /// One per method besides behaviour cloning, execution horizon and budget.
  public var differences: [Difference]

  /// Sums up what was measured.
  public init(_ result: CovariateShiftResult) {
    self.result = result
    rows = []
    differences = []
    for horizon in result.configuration.executionHorizons {
      for method in ShiftMethod.allCases {
        for labels in result.configuration.labelBudgets {
          let cells = result.cells(method, horizon, labels)
          guard !cells.isEmpty else { continue }
          func mean(_ value: (ShiftCell) -> Double) -> Double {
            cells.reduce(0) { $0 + value($1) } / Double(cells.count)
          }
          rows.append(
            Row(
              method: method, executionHorizon: horizon, labels: labels,
              success: bootstrapDifference(
                first: cells.map(\.successes),
                second: cells.map { $0.successes.map { _ in false } }, seed: 1),
              expertStateError: mean(\.expertStateError), ownStateError: mean(\.ownStateError),
              divergence: result.frames.indices.map { i in mean { $0.divergence[i] } }))
          guard method != .behaviourCloning else { continue }
          let pairs = cells.compactMap { cell in
            result.cells(.behaviourCloning, horizon, labels)
              .first { $0.trainingSeed == cell.trainingSeed }
              .map { (cell.successes, $0.successes) }
          }
          guard !pairs.isEmpty else { continue }
          differences.append(
            Difference(
              method: method, executionHorizon: horizon, labels: labels,
              difference: bootstrapDifference(
                first: pairs.map(\.0), second: pairs.map(\.1), seed: 1)))
        }
      }
    }
  }

  func row(_ method: ShiftMethod, _ horizon: Int, _ labels: Int) -> Row? {
    rows.first { $0.method == method && $0.executionHorizon == horizon && $0.labels == labels }
  }

  /// A method's error on its own states over that on the expert's, averaged over budgets.
  public func errorRatio(_ method: ShiftMethod, executionHorizon: Int) -> Double? {
    let ratios = rows.filter { $0.method == method && $0.executionHorizon == executionHorizon }
      .map { $0.ownStateError / $0.expertStateError }
    return ratios.isEmpty ? nil : ratios.reduce(0, +) / Double(ratios.count)
  }

  /// What came out in sentences, then one table per execution horizon.
  public var text: String {
    let tables = result.configuration.executionHorizons.map { horizon in
      "Execution horizon \(horizon)\n\(table(horizon).text)"
    }
    return findings.map { "- \($0)" }.joined(separator: "\n") + "\n\n" + tables.joined(separator: "\n")
  }

  func table(_ horizon: Int) -> TextTable {
    var table = TextTable(header: [
      "labels", "method", "success [95 %]", "minus BC [95 %]", "error, expert's states",
      "error, own states", "ratio",
    ])
    for labels in result.configuration.labelBudgets {
      for method in ShiftMethod.allCases {
        guard let row = row(method, horizon, labels) else { continue }
        let difference = differences.first {
          $0.method == method && $0.executionHorizon == horizon && $0.labels == labels
        }
        table.rows.append([
          "\(labels)", method.rawValue, points(row.success), difference.map { points($0.difference) } ?? "",
          fixed(row.expertStateError, 3), fixed(row.ownStateError, 3),
          fixed(row.ownStateError / row.expertStateError, 2),
        ])
      }
    }
    return table
  }

  private func points(_ estimate: BootstrapEstimate) -> String {
    "\(fixed(100 * estimate.mean, 1)) [\(fixed(100 * estimate.low, 1)), \(fixed(100 * estimate.high, 1))]"
  }

  /// The success rate that some method must reach at some budget before successes are compared.
  static let leastTellingSuccess = 0.2

  /// The success rate of the best method at its best budget.
  public var bestSuccess: Double { rows.map(\.success.mean).max() ?? 0 }

  /// Whether every method fails so often that their successes tell nothing of the methods.
  public var isTooBriefToJudge: Bool { bestSuccess < Self.leastTellingSuccess }

  /// What the numbers say, in sentences that follow from them.
  var findings: [String] {
    var sentences: [String] = []
    if isTooBriefToJudge {
      sentences.append(
        "Too brief to judge which method succeeds more often: the best one obeys \(fixed(100 * bestSuccess, 1)) % of the commands, the expert \(fixed(100 * result.expertSuccessRate, 1)) %. Policies need more gradient steps; they had \(result.configuration.training.steps) (--steps)."
      )
    }
    for horizon in result.configuration.executionHorizons {
      for method in isTooBriefToJudge ? [] : [ShiftMethod.dagger, .noisyBehaviourCloning] {
        let own = differences.filter { $0.method == method && $0.executionHorizon == horizon }
        guard !own.isEmpty else { continue }
        let above = own.filter { $0.difference.low > 0 }.map { "\($0.labels)" }
        let below = own.filter { $0.difference.high < 0 }.map { "\($0.labels)" }
        var sentence = "With execution horizon \(horizon), \(method.rawValue) is "
        sentence +=
          above.isEmpty
          ? "not clearly above BC at any budget"
          : "above BC at \(above.joined(separator: ", ")) labels (the interval of the paired difference excludes zero)"
        if !below.isEmpty { sentence += ", and below it at \(below.joined(separator: ", "))" }
        sentences.append(sentence + ".")
      }
      if let bc = errorRatio(.behaviourCloning, executionHorizon: horizon),
        let dagger = errorRatio(.dagger, executionHorizon: horizon)
      {
        sentences.append(
          "With execution horizon \(horizon), BC errs \(fixed(bc, 1)) times as much on its own states as on the expert's; DAgger \(fixed(dagger, 1)) times (means over budgets)."
        )
      }
    }
    return sentences
  }
}

extension CovariateShiftResult {
  func cells(_ method: ShiftMethod, _ horizon: Int, _ labels: Int) -> [ShiftCell] {
    cells.filter { $0.method == method && $0.executionHorizon == horizon && $0.labels == labels }
  }
}
