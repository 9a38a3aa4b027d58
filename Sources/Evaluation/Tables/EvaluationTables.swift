// All tables of a set of evaluations, as one page.

/// The tables that `planar table` writes, all from `summary.json` and `episodes.jsonl`.
public struct EvaluationTables: Encodable, Sendable {
  /// One table per environment.
  public var success: [SuccessTable]
  /// Success by sampling steps: one table for each set of episodes on which a run varied them.
  public var samplers: [SamplerTable]
  /// Success by delay and ensembling: one table for each set of episodes on which a run varied them.
  public var execution: [ExecutionTable]

  /// - Parameters: as `SamplerTable` takes them.
  /// - Throws: `UserError` where the reference is not there, or episodes cannot be read.
  public init(
    of runs: [EvaluationRun], reference: String? = nil, latencies: [PolicyLatency] = []
  ) throws {
    let runs = EvaluationRun.toldApart(runs)
    success = SuccessTable.tables(of: runs)
    samplers = try SamplerTable.tables(of: runs, reference: reference, latencies: latencies)
    execution = EvaluationRun.bySameEpisodes(runs).compactMap { ExecutionTable(of: $0) }
  }

  /// Headings and tables; intervals are exact ones, of 95 %.
  public var markdown: String {
    var text = ""
    for table in success {
      text += "## `\(table.environment)`\n\n"
      text +=
        "Success with exact 95 % intervals (Clopper–Pearson), \(table.episodesText) episodes each, 1 training seed behind each checkpoint.\n\n\(table.markdown)\n"
      if let metrics = table.metricsMarkdown { text += "What else was counted at `train`, means.\n\n\(metrics)\n" }
    }
    for samplers in samplers {
      text +=
        "## Samplers\n\n`\(samplers.environment)`, \(samplers.condition), the same \(samplers.episodes) episodes for all, from seed \(samplers.firstSeed) on. "
      text +=
        "Differences are paired, with Newcombe's 95 % interval; 1 training seed stands behind each checkpoint.\n\n\(samplers.markdown)\n"
    }
    for execution in execution {
      text +=
        "## Executing chunks under delay\n\n`\(execution.environment)`, \(execution.condition), 1 training seed behind each checkpoint. "
      text +=
        "A delay is in control steps; jumps and changes in units of the action, whose range is [−1, 1]. A unit of a target is half of the table, one of a move what a robot goes in a step: compare them within a policy.\n\n"
      text += execution.markdown + "\n"
    }
    return text
  }
}
