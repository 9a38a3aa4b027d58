// From the cells of a plan to figures with intervals, verdicts, and sentences that follow from them.

import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarPolicyInterface
import PlanarReplays

/// What came out of an experiment on arms.
public struct ArmOutcome: Encodable, Sendable {
  /// One arm, over its training seeds.
  public struct Row: Encodable, Sendable {
    /// The arm's name.
    public var arm: String
    /// How many training seeds stand behind it; nil for an expert.
    public var trainingSeeds: Int?
    /// Evaluation episodes per training seed.
    public var episodes: Int
    /// The share of episodes in which the command was obeyed: the mean over training seeds. Nil under a command that
    /// says nothing or forbids the goal, where nothing that is measured is obedience.
    public var success: Double?
    /// The 95 % interval of `success`, or of `drawnGoal` where that is nil: over episodes with one training seed, over
    /// both with several.
    public var interval: [Double]
    /// The share of episodes in which the goal drawn with the scene was reached.
    public var drawnGoal: Double
    /// The mean number of control steps of the episodes that succeeded; nil where none did.
    public var stepsToSuccess: Double?
    /// The mean jump where chunks meet; nil without one.
    public var boundaryJump: Double?
    /// How often an episode asks the policy for a chunk, in the mean; nil for an expert.
    public var questions: Double?
    /// The mean of what the task measured besides, by name.
    public var metrics: [String: Double]
  }

  /// What the experiment says of itself.
  public var words: ExperimentWords
  /// What was run.
  public var plan: ArmPlan
  /// Whether it was the quick form.
  public var isQuick: Bool
  /// The arms, in the plan's order; those that were finished.
  public var rows: [Row]
  /// The predictions, and what became of them; those whose arms were finished.
  public var contrasts: [ContrastResult]
  /// Predicted figures, and what became of them; those that could be measured.
  public var figures: [FigureResult]
  /// What each policy cost.
  public var costs: [PolicyCost]
  /// Further sentences on the figures.
  public var findings: [String]
  /// The episodes of each arm and training seed.
  public var cells: [ArmCell]
  /// For the page alone: episodes in which the arms of the first contrast differ, side by side.
  var films: [[SceneFilm]] = []

  private enum CodingKeys: CodingKey {
    case words, plan, isQuick, rows, contrasts, figures, costs, findings, cells
  }

  init(
    plan: ArmPlan, cells: [ArmCell], costs: [PolicyCost], isQuick: Bool, words: ExperimentWords,
    figures: (ArmOutcome) -> [String: CrossedEstimate], findings: (ArmOutcome) -> [String]
  ) {
    self.plan = plan
    self.cells = cells
    self.costs = costs
    self.isQuick = isQuick
    self.words = words
    self.figures = []
    self.findings = []
    func complete(_ name: String) -> [ArmCell]? {
      let own = cells.filter { $0.arm == name }
      let wanted = plan.seeds(of: plan.arms.first { $0.name == name }!).count
      return own.count == wanted ? own : nil
    }
    rows = plan.arms.compactMap { arm in complete(arm.name).map { Row(arm, $0, plan, costs) } }
    contrasts = plan.contrasts.compactMap { contrast in
      guard let first = complete(contrast.first), let second = complete(contrast.second) else { return nil }
      let count = max(first.count, second.count)
      // One policy against several: the one meets each of them.
      func values(_ cells: [ArmCell]) -> [[Bool]] {
        (0..<count).map { cells[min($0, cells.count - 1)].values(of: contrast.measure) }
      }
      return ContrastResult(contrast, first: values(first), second: values(second))
    }
    let tested = contrasts.indices.filter { contrasts[$0].p != nil }
    // What is not measured yet counts as a test: verdicts must not get better by stopping.
    let missing = plan.contrasts.count - contrasts.count
    let adjusted = holmAdjusted(tested.map { contrasts[$0].p! } + Array(repeating: 1, count: missing))
    for (index, p) in zip(tested, adjusted) { contrasts[index] = contrasts[index].adjusted(p: p) }
    let measured = figures(self)
    self.figures = plan.figures.compactMap { figure in measured[figure.name].map { FigureResult(figure, $0) } }
    self.findings = findings(self)
  }

  /// The row of an arm; nil where it was not finished.
  public func row(_ arm: String) -> Row? { rows.first { $0.arm == arm } }

  /// Whether a prediction is left open.
  public var isTooBriefToJudge: Bool { verdicts.contains(.undecided) || predictionCount > verdicts.count }

  /// Of contrasts, then of figures.
  private var verdicts: [ContrastResult.Verdict] { contrasts.map(\.verdict) + figures.map(\.verdict) }
  private var predictionCount: Int { plan.contrasts.count + plan.figures.count }

  /// The first sentence of text and report: how many predictions held, and the first of them with its figures.
  public var headline: String {
    guard let first = sentences.first else { return "Stopped before any two arms could be compared." }
    let held = verdicts.count { $0 == .held }
    let open = verdicts.count { $0 == .undecided }
    let others = verdicts.count - held - open
    var parts = ["\(held) of \(predictionCount) predictions held"]
    if others > 0 { parts.append("\(others) did not hold as predicted") }
    if open > 0 { parts.append("\(open) \(open == 1 ? "is" : "are") undecided: too brief to judge") }
    if predictionCount > verdicts.count {
      parts.append("\(predictionCount - verdicts.count) could not be judged, since not all arms were run")
    }
    return parts.joined(separator: "; ") + ". " + first
  }

  /// What became of each prediction.
  var sentences: [String] { contrasts.map(\.sentence) + figures.map(\.sentence) }

  /// What came out in sentences, then the table of arms.
  public var text: String {
    ([headline] + sentences.dropFirst() + findings).map { "- \($0)" }.joined(separator: "\n") + "\n\n"
      + table.text
  }

  /// What the task measured in any arm besides success.
  var metricNames: [String] { Set(rows.flatMap(\.metrics.keys)).sorted() }

  /// All arms.
  var table: TextTable {
    let names = metricNames
    let hasJumps = rows.contains { $0.boundaryJump != nil }
    let hasQuestions = rows.contains { $0.questions != nil }
    let countsGoals = plan.contrasts.contains { $0.measure == .drawnGoal }
    var table = TextTable(
      header: ["arm", "training seeds", "episodes", "success [95 %]"] + (countsGoals ? ["drawn goal"] : [])
        + ["steps of successes"] + (hasQuestions ? ["questions"] : []) + (hasJumps ? ["jump"] : []) + names)
    for row in rows {
      let bounds = row.interval.map { fixed(100 * $0, 1) }.joined(separator: ", ")
      table.rows.append(
        [
          row.arm, row.trainingSeeds.map { "\($0)" } ?? "–", "\(row.episodes)",
          row.success.map { "\(fixed(100 * $0, 1)) [\(bounds)]" } ?? "–",
        ]
          + (countsGoals ? [fixed(100 * row.drawnGoal, 1) + (row.success == nil ? " [\(bounds)]" : "")] : [])
          + [row.stepsToSuccess.map { fixed($0, 0) } ?? "–"]
          + (hasQuestions ? [row.questions.map { fixed($0, 1) } ?? "–"] : [])
          + (hasJumps ? [row.boundaryJump.map { fixed($0, 3) } ?? "–"] : [])
          + names.map { row.metrics[$0].map { fixed($0, 3) } ?? "–" })
    }
    return table
  }
}

extension ArmOutcome.Row {
  init(_ arm: ExperimentArm, _ cells: [ArmCell], _ plan: ArmPlan, _ costs: [PolicyCost]) {
    self.arm = arm.name
    if case .expert = plan.source(of: arm) { trainingSeeds = nil } else { trainingSeeds = cells.count }
    episodes = plan.episodes
    func mean(_ value: (ArmCell) -> Double) -> Double { cells.reduce(0) { $0 + value($1) } / Double(cells.count) }
    func share(_ values: [Bool]) -> Double { Double(values.count { $0 }) / Double(max(1, values.count)) }
    let saysNothing = UnsaidCommand(rawValue: arm.condition.command.rawValue) != nil
    success = saysNothing ? nil : mean { share($0.success) }
    drawnGoal = mean { share($0.drawnGoal) }
    let estimate = CrossedEstimate(success: cells.map { saysNothing ? $0.drawnGoal : $0.success })
    interval = [estimate.low, estimate.high]
    let steps =
      saysNothing ? [] : cells.flatMap { cell in zip(cell.steps, cell.success).filter(\.1).map { Double($0.0) } }
    stepsToSuccess = steps.isEmpty ? nil : steps.reduce(0, +) / Double(steps.count)
    let jumps = cells.compactMap { $0.motion?.boundaryJump }
    boundaryJump = jumps.isEmpty ? nil : jumps.reduce(0, +) / Double(jumps.count)
    if let cost = costs.first(where: { $0.policy == arm.policy }) {
      let execution = arm.execution.resolved(for: cost.horizons)
      questions = mean { cell in
        cell.steps.reduce(0) { $0 + Double(execution.questions(in: $1)) } / Double(cell.steps.count)
      }
    }
    metrics = [:]
    for name in Set(cells.flatMap(\.metrics.keys)) {
      let values = cells.flatMap { $0.metrics[name] ?? [] }
      if !values.isEmpty { metrics[name] = values.reduce(0, +) / Double(values.count) }
    }
  }
}
