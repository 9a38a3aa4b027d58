// Samplers of generative policies: how few network evaluations are enough, episode by episode.

import PlanarCore

/// Success of policies by sampling steps, paired with a reference on the same episodes.
public struct SamplerTable: Encodable, Sendable {
  /// The environment's name.
  public var environment: String
  /// The condition that all rows were measured under, as `EvaluationSummary.conditionName` gives it.
  public var condition: String
  /// Episodes of every row; all rows met the same ones.
  public var episodes: Int
  /// The seed of the first of them.
  public var firstSeed: UInt64
  /// Its policy and steps.
  public var reference: String?
  /// One row per policy and number of steps.
  public var rows: [Row]

  /// One policy at one number of sampling steps.
  public struct Row: Encodable, Sendable {
    /// The policy's name.
    public var policy: String
    /// nil for the checkpoint's own number.
    public var samplingSteps: Int?
    /// How the steps are spread over noise levels; nil for the checkpoint's own.
    public var timestepSpacing: String?
    /// The share of episodes that succeeded.
    public var successRate: Double
    /// The lower bound of the exact 95 % interval.
    public var intervalLow: Double
    /// The upper bound of it.
    public var intervalHigh: Double
    /// This success rate less the reference's; nil for the reference itself.
    public var difference: Double?
    /// The bounds of its 95 % interval (Newcombe's for paired data).
    public var differenceLow: Double?
    /// The upper bound of it.
    public var differenceHigh: Double?
    /// How long a chunk takes; nil where it was not timed.
    public var latency: PolicyLatency?

    /// `50`, `50, trailing` or `its own`.
    var stepsText: String {
      [samplingSteps.map { "\($0)" } ?? (timestepSpacing == nil ? "its own" : "its own number"), timestepSpacing]
        .compactMap(\.self).joined(separator: ", ")
    }
    var success: Proportion { Proportion(successes: successes, trials: episodes) }
    var successes: Int
    var episodes: Int

    enum CodingKeys: String, CodingKey {
      case policy, difference, latency, successes, episodes
      case samplingSteps = "sampling_steps"
      case timestepSpacing = "timestep_spacing"
      case successRate = "success_rate"
      case intervalLow = "interval_low"
      case intervalHigh = "interval_high"
      case differenceLow = "difference_low"
      case differenceHigh = "difference_high"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case environment, condition, episodes, reference, rows
    case firstSeed = "first_seed"
  }

  /// One table for each set of episodes on which a run was asked for a number of steps.
  ///
  /// - Parameters: as `init` takes them; sets of episodes without the reference have no differences.
  /// - Throws: `UserError` where no run is the reference, nothing is held against it, or episodes cannot be read.
  public static func tables(
    of runs: [EvaluationRun], reference: String?, latencies: [PolicyLatency]
  ) throws -> [SamplerTable] {
    let groups = EvaluationRun.bySameEpisodes(runs)
    let known = groups.contains { $0.contains { $0.samplerName == reference } }
    let tables = try groups.compactMap { group in
      let isThere = group.contains { $0.samplerName == reference && $0.summary.isPlainlyExecuted }
      return try SamplerTable(of: group, reference: isThere || !known ? reference : nil, latencies: latencies)
    }
    if let reference, tables.isEmpty {
      throw UserError(
        "nothing can be held against the reference '\(reference)': no evaluation was given --sampling-steps or --timestep-spacing; omit --reference"
      )
    }
    return tables
  }

  /// The runs at numbers of steps that were asked for, and whatever else ran on the same episodes.
  ///
  /// - Parameters:
  ///   - reference: a policy's name, or name and steps such as `push-diffusion:100`; nil for no comparison.
  ///   - latencies: shown beside runs of the same policy and steps.
  /// - Returns: nil where no run asked for a number of steps.
  /// - Throws: `UserError` where no run is the reference, or episodes cannot be read.
  public init?(
    of runs: [EvaluationRun], reference name: String?, latencies: [PolicyLatency]
  ) throws {
    func isVaried(_ summary: EvaluationSummary) -> Bool {
      summary.samplingSteps != nil || summary.timestepSpacing != nil
    }
    guard let first = runs.first(where: { isVaried($0.summary) && $0.summary.isPlainlyExecuted }) else {
      return nil
    }
    func isAlike(_ summary: EvaluationSummary) -> Bool {
      summary.isPlainlyExecuted && summary.environment == first.summary.environment
        && summary.conditionName == first.summary.conditionName && summary.firstSeed == first.summary.firstSeed
        && summary.episodes == first.summary.episodes
    }
    let alike = runs.filter { isAlike($0.summary) }
    let sampled = Set(alike.filter { isVaried($0.summary) }.map(\.summary.policy))
    let paired = alike.filter { sampled.contains($0.summary.policy) || $0.samplerName == name }
    var referenceRun: EvaluationRun?
    if let name {
      guard let run = paired.first(where: { $0.samplerName == name }) else {
        throw UserError(
          "no evaluation is the reference '\(name)'; on the episodes of \(first.folder.relativePath) there are \(paired.map(\.samplerName).joined(separator: ", "))"
        )
      }
      referenceRun = run
    }
    let referenceOutcomes = try referenceRun?.outcomes()
    environment = first.summary.environment
    condition = first.summary.conditionName
    episodes = first.summary.episodes
    firstSeed = first.summary.firstSeed
    reference = name
    let sorted = paired.sorted { one, other in
      func key(_ run: EvaluationRun) -> (String, Int, String) {
        (run.summary.policy, run.summary.samplingSteps ?? 0, run.summary.timestepSpacing ?? "")
      }
      return key(one) < key(other)
    }
    rows = try sorted.map { run in
      let summary = run.summary
      var row = Row(
        policy: summary.policy, samplingSteps: summary.samplingSteps, timestepSpacing: summary.timestepSpacing,
        successRate: summary.successRate,
        intervalLow: summary.intervalLow, intervalHigh: summary.intervalHigh, successes: summary.successes,
        episodes: summary.episodes)
      row.latency = latencies.first { $0.policy == row.policy && $0.samplingSteps == row.samplingSteps }
      if let referenceOutcomes, run.folder != referenceRun?.folder {
        let pair = try PairedComparison(first: run.outcomes(), second: referenceOutcomes)
        row.difference = pair.difference
        row.differenceLow = pair.interval.lowerBound
        row.differenceHigh = pair.interval.upperBound
      }
      return row
    }
  }

  /// The table in Markdown.
  public var markdown: String {
    var table = MarkdownTable(header: ["policy", "steps", "success"])
    if let reference { table.header += ["difference to `\(reference)` (points)", "lower 95 % bound"] }
    let hasLatency = rows.contains { $0.latency != nil }
    if hasLatency { table.header += ["one chunk, median (ms)", "95th percentile (ms)", "chunks/s, 32 at a time"] }
    table.rows = rows.map { row in
      var cells = ["`\(row.policy)`", row.stepsText, rateText(row.success)]
      if reference != nil {
        let low = row.differenceLow.map { signed(100 * $0) } ?? "–"
        let difference = row.difference.map { signed(100 * $0) } ?? "–"
        cells += [difference + (row.differenceHigh.map { " [\(low), \(signed(100 * $0))]" } ?? ""), low]
      }
      if hasLatency {
        cells += [
          row.latency.map { fixed($0.medianMicroseconds / 1000, 2) } ?? "–",
          row.latency.map { fixed($0.percentile95Microseconds / 1000, 2) } ?? "–",
          row.latency.map { fixed($0.chunksPerSecond, 0) } ?? "–",
        ]
      }
      return cells
    }
    return table.text
  }
}

extension EvaluationRun {
  /// `push-flow:5`, or `push-flow` at the checkpoint's own number of steps.
  var samplerName: String {
    summary.policy + (summary.samplingSteps.map { ":\($0)" } ?? "") + (summary.timestepSpacing.map { ":\($0)" } ?? "")
  }
}

/// With a sign that is always there, and one digit.
func signed(_ value: Double) -> String {
  let text = fixed(value, 1)
  return value > 0 && !text.hasPrefix("-") && text != "0.0" ? "+" + text : (text == "-0.0" ? "0.0" : text)
}
