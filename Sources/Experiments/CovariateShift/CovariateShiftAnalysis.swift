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
    /// Mean over seeds and episodes, with an interval over both.
    public var success: CrossedEstimate
    /// Means over seeds.
    public var expertStateError: Double
    /// Mean imitation error on the states that the policy itself visited before it got stuck.
    public var ownStateError: Double
    /// Mean share of the time that the policy spent stuck.
    public var stuckShare: Double
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
    public var difference: CrossedEstimate
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
              success: CrossedEstimate(success: cells.map(\.successes)),
              expertStateError: mean(\.expertStateError), ownStateError: mean(\.ownStateError),
              stuckShare: mean(\.stuckShare),
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
              difference: CrossedEstimate(first: pairs.map(\.0), second: pairs.map(\.1))))
        }
      }
    }
  }

  func row(_ method: ShiftMethod, _ horizon: Int, _ labels: Int) -> Row? {
    rows.first { $0.method == method && $0.executionHorizon == horizon && $0.labels == labels }
  }

  /// Which method succeeds more often, by how much.
  public var headline: String { answer }

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
      "error, own states", "ratio", "time stuck",
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
          fixed(row.ownStateError / row.expertStateError, 2), percent(row.stuckShare),
        ])
      }
    }
    return table
  }

  private func points(_ estimate: CrossedEstimate) -> String {
    "\(fixed(100 * estimate.mean, 1)) [\(fixed(100 * estimate.low, 1)), \(fixed(100 * estimate.high, 1))]"
  }

  /// DAgger's success less behaviour cloning's at the largest budget that both have finished, asked as often as was
  /// measured; nil where there is none.
  public var mainDifference: Difference? {
    let horizon = result.configuration.executionHorizons.min()
    return differences.filter { $0.method == .dagger && $0.executionHorizon == horizon }.max { $0.labels < $1.labels }
  }

  /// Whether the main difference's interval does not exclude zero.
  public var isTooBriefToJudge: Bool {
    mainDifference.map { $0.difference.low <= 0 && $0.difference.high >= 0 } ?? true
  }

  /// What the numbers say, in sentences that follow from them; the first is the answer.
  var findings: [String] { [answer] + [drift, price].compactMap { $0 } + moreHorizons }

  /// Which method succeeds more often, by how much.
  private var answer: String {
    guard let main = mainDifference, let cloned = row(.behaviourCloning, main.executionHorizon, main.labels),
      let aggregated = row(.dagger, main.executionHorizon, main.labels)
    else { return "Stopped before DAgger and behaviour cloning could be compared." }
    let figures =
      "with \(main.labels) labels each, behaviour cloning obeys \(percent(cloned.success.mean)) of the commands and DAgger \(percent(aggregated.success.mean)): a difference of \(points(main.difference)) points over \(result.configuration.trainingSeeds.count) training seeds (the expert: \(percent(result.expertSuccessRate)))"
    guard isTooBriefToJudge else { return figures.prefix(1).uppercased() + figures.dropFirst() + "." }
    let best = max(cloned.success.mean, aggregated.success.mean)
    let mend =
      best < 0.2
      ? "both fail nearly always: more labels (--budgets) and gradient steps (--steps) would tell them apart"
      : min(cloned.success.mean, aggregated.success.mean) > 0.95
        ? "both succeed nearly always: fewer labels (--budgets) or a harder task (--rung) would tell them apart"
        : "more training seeds (--seeds) and episodes (--episodes) would narrow the interval"
    return "Too brief to judge: \(figures), whose interval includes 0; \(mend)."
  }

  /// How much more a policy errs where it leads itself.
  private var drift: String? {
    guard let main = mainDifference, let cloned = row(.behaviourCloning, main.executionHorizon, main.labels),
      let aggregated = row(.dagger, main.executionHorizon, main.labels)
    else { return nil }
    func ratio(_ row: Row) -> String { fixed(row.ownStateError / row.expertStateError, 1) }
    return
      "Covariate shift: asked at every \(main.executionHorizon == 1 ? "step" : "\(main.executionHorizon) steps"), behaviour cloning errs \(ratio(cloned)) times as much on the states that it brings about as on the expert's, although the network and the loss are the same; DAgger \(ratio(aggregated)) times. Time spent stuck is left out: \(percent(cloned.stuckShare)) for behaviour cloning, \(percent(aggregated.stuckShare)) for DAgger."
  }

  /// What DAgger cost beside behaviour cloning.
  private var price: String? {
    guard let main = mainDifference else { return nil }
    let configuration = result.configuration
    let rounds = configuration.labelBudgets.count { $0 < main.labels }
    guard rounds > 0 else { return nil }
    let shares = (1...rounds).map {
      percent(configuration.expertShare * pow(configuration.expertShareDecay, Double($0 - 1)))
    }
    return
      "What DAgger cost: the same \(main.labels) labels, \(rounds) round\(rounds == 1 ? "" : "s") in which the learner drove (the expert took \(shares.joined(separator: ", ")) of the chunks), and \(rounds + 1) trainings in place of one. The expert must be there to label states that it would never come into."
  }

  /// The same at the other budgets and horizons, and for noise; read side by side, so that p-values are adjusted.
  private var moreHorizons: [String] {
    let adjusted = holmAdjusted(differences.map(\.difference.p))
    func isClear(_ difference: Difference) -> Bool {
      zip(differences, adjusted).contains {
        $0.method == difference.method && $0.executionHorizon == difference.executionHorizon
          && $0.labels == difference.labels && $1 < 0.05
      }
    }
    return result.configuration.executionHorizons.flatMap { horizon in
      [ShiftMethod.dagger, .noisyBehaviourCloning].compactMap { method -> String? in
        let own = differences.filter { $0.method == method && $0.executionHorizon == horizon }
        guard !own.isEmpty else { return nil }
        let above = own.filter { isClear($0) && $0.difference.mean > 0 }.map { "\($0.labels)" }
        let below = own.filter { isClear($0) && $0.difference.mean < 0 }.map { "\($0.labels)" }
        var sentence = "With execution horizon \(horizon), \(method.rawValue) is "
        sentence +=
          above.isEmpty
          ? "not clearly above BC at any budget"
          : "above BC at \(above.joined(separator: ", ")) labels (p < 0.05 after Holm)"
        if !below.isEmpty { sentence += ", and below it at \(below.joined(separator: ", "))" }
        return sentence + "."
      }
    }
  }
}

extension CovariateShiftResult {
  func cells(_ method: ShiftMethod, _ horizon: Int, _ labels: Int) -> [ShiftCell] {
    cells.filter { $0.method == method && $0.executionHorizon == horizon && $0.labels == labels }
  }
}
