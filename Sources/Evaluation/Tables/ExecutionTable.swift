// Ways of executing chunks: what a delay costs, and how smoothly the arm moves.

import PlanarRollouts

/// Success and smoothness by execution, a policy after the other.
public struct ExecutionTable: Encodable, Sendable {
  /// The environment's name.
  public var environment: String
  /// The condition that all rows were measured under, as `EvaluationSummary.conditionName` gives it.
  public var condition: String
  /// One row per policy and way of execution.
  public var rows: [Row]

  /// One policy, executed in one way.
  public struct Row: Encodable, Sendable {
    /// The policy's name.
    public var policy: String
    /// How its chunks were executed.
    public var execution: ChunkExecution
    /// Episodes that succeeded.
    public var successes: Int
    /// How many episodes there were.
    public var episodes: Int
    /// How smoothly the robot was moved; nil where that was not measured.
    public var motion: MotionMetrics?
    /// Success divided by that of the same policy without delay; nil where that was not measured.
    public var shareOfUndelayed: Double?
    /// The mean boundary jump divided by naive switching's at the same delay and horizon; nil without it.
    public var jumpOfNaive: Double?

    enum CodingKeys: String, CodingKey {
      case policy, execution, successes, episodes, motion
      case shareOfUndelayed = "share_of_undelayed"
      case jumpOfNaive = "jump_of_naive"
    }
  }

  /// The runs of policies that were measured with a delay or with ensembling; their plain runs stand first.
  ///
  /// - Returns: nil where there is no such run.
  public init?(of runs: [EvaluationRun]) {
    let usual = runs.map(\.summary).filter { $0.samplingSteps == nil && $0.execution != nil }
    guard let first = usual.first(where: { !$0.isPlainlyExecuted }) else { return nil }
    let here = usual.filter {
      $0.environment == first.environment && $0.conditionName == first.conditionName
        && $0.firstSeed == first.firstSeed && $0.episodes == first.episodes
    }
    environment = first.environment
    condition = first.conditionName
    rows = ordered(here.filter { !$0.isPlainlyExecuted }.map(\.policy)).flatMap { policy in
      let own = here.filter { $0.policy == policy }
      let plain = own.first { $0.isPlainlyExecuted }
      return (own.filter(\.isPlainlyExecuted) + own.filter { !$0.isPlainlyExecuted }).map { summary in
        Self.row(summary, plain: plain, naive: own.first { $0.isNaive(like: summary) })
      }
    }
  }

  private static func row(
    _ summary: EvaluationSummary, plain: EvaluationSummary?, naive: EvaluationSummary?
  ) -> Row {
    var row = Row(
      policy: summary.policy, execution: summary.execution!, successes: summary.successes,
      episodes: summary.episodes, motion: summary.motion)
    if let plain, plain.successes > 0 { row.shareOfUndelayed = summary.successRate / plain.successRate }
    if let jump = summary.motion?.boundaryJump, let other = naive?.motion?.boundaryJump, other > 0 {
      row.jumpOfNaive = jump / other
    }
    return row
  }

  /// The table in Markdown.
  public var markdown: String {
    var table = MarkdownTable(header: [
      "policy", "execution", "delay", "success", "… of undelayed", "mean jump between chunks", "… of naive",
      "greatest jump", "change per step",
    ])
    table.rows = rows.map { row in
      func number(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "–" }
      return [
        "`\(row.policy)`", row.execution.name, "\(row.execution.delay)",
        rateText(Proportion(successes: row.successes, trials: row.episodes)),
        row.shareOfUndelayed.map(percent) ?? "–", number(row.motion?.boundaryJump),
        row.jumpOfNaive.map { fixed($0, 2) } ?? "–", number(row.motion?.greatestBoundaryJump),
        number(row.motion?.actionChange),
      ]
    }
    return table.text
  }
}

extension EvaluationSummary {
  /// Whether this is naive switching under the same delay and horizon as `other`, which has a delay.
  fileprivate func isNaive(like other: EvaluationSummary) -> Bool {
    guard let mine = execution, let theirs = other.execution, theirs.delay > 0 else { return false }
    return mine.switching == .naive && mine.ensembling == nil && mine.delay == theirs.delay
      && mine.horizon == theirs.horizon
  }
}

extension ChunkExecution {
  /// In a few words: `wait, 8 steps a chunk`.
  var name: String {
    if let ensembling { return "temporal ensembling, m = \(ensembling)" }
    let steps = horizon.map { "\($0) steps a chunk" } ?? "its own steps a chunk"
    guard delay > 0 else { return steps }
    return
      switch switching
    {
    case .wait: "wait, \(steps)"
    case .naive: "naive switching, \(steps)"
    case .realTime: "real-time chunking, \(steps)"
    }
  }
}
