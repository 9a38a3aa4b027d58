// Small evaluations drawn from long ones.

import PlanarCore
import PlanarEvaluation

/// What evaluations of n episodes say of two policies that are known from many.
public struct TrustworthinessOutcome: Encodable, ExperimentOutcome, Sendable {
  /// Evaluations of one number of episodes.
  public struct Row: Encodable, Sendable {
    /// Episodes per policy.
    public var episodes: Int
    /// Share of evaluations on different episodes in which the worse policy comes out ahead.
    public var wrongUnpaired: Double
    /// Share of them in which both come out even.
    public var evenUnpaired: Double
    /// The share in which the worse comes out ahead where both meet the same episodes.
    public var wrongPaired: Double
    /// The share in which they come out even there.
    public var evenPaired: Double
    /// Share of paired evaluations in which McNemar's exact test at 5 % finds the better policy better.
    public var power: Double
    /// Between equal policies: share of paired evaluations in which the test, looked at once at the end, finds a difference.
    public var falseAlarms: Double
    /// The same where it is looked at every ten episodes, and the first 'significant' ends the evaluation.
    public var falseAlarmsWithPeeking: Double
    /// The same for the sequential test, which may be looked at after every episode.
    public var falseAlarmsSequential: Double
    /// Share of paired evaluations in which the sequential test finds the better policy better by then.
    public var powerSequential: Double
  }

  /// The policies' names.
  public var names: [String]
  /// The level that both ran at.
  public var level: String
  /// Over all episodes.
  public var successRates: [Double]
  /// The first's success less the second's over all episodes, with its 95 % interval.
  public var difference: Double
  /// The bounds of the interval.
  public var interval: [Double]
  /// φ of both policies' outcomes on the same episodes.
  public var correlation: Double
  /// How many episodes both ran.
  public var episodes: Int
  /// How many evaluations were drawn of each size.
  public var draws: Int
  /// Whether it was the quick form.
  public var isQuick: Bool
  /// By number of episodes.
  public var rows: [Row]

  /// Every so many episodes somebody looks.
  static let look = 10

  /// - Parameters:
  ///   - first: for each episode, whether the first policy succeeded.
  ///   - second: the same episodes.
  package init(names: [String], level: String, first: [Bool], second: [Bool], draws: Int, isQuick: Bool) {
    self.names = names
    self.level = level
    self.draws = draws
    self.isQuick = isQuick
    episodes = first.count
    let all = PairedComparison(first: first, second: second)
    successRates = [all.first.rate, all.second.rate]
    difference = all.difference
    interval = [all.interval.lowerBound, all.interval.upperBound]
    let margins = [all.first.rate, 1 - all.first.rate, all.second.rate, 1 - all.second.rate].reduce(1, *)
    let together = Double(all.both) / Double(max(1, all.pairs)) - all.first.rate * all.second.rate
    correlation = margins > 0 ? together / margins.squareRoot() : 0
    let firstIsBetter = all.difference > 0
    let (better, worse) = firstIsBetter ? (first, second) : (second, first)
    var stream = RandomStream(seed: 1, purpose: "small evaluations")
    rows = [10, 20, 50, 100, 200, 500].map { count in
      var (unpaired, paired, evenUnpaired, evenPaired) = (0, 0, 0, 0)
      var (found, alarms, peeked, early, earlyAlarms) = (0, 0, 0, 0, 0)
      for _ in 0..<draws {
        var (ahead, aheadOfOthers) = (0, 0)
        var (wins, losses) = (0, 0)
        var (nullWins, nullLosses) = (0, 0)
        var hasPeekedAlarm = false
        var (test, nullTest) = (SequentialPairedTest(), SequentialPairedTest())
        for step in 1...count {
          let episode = stream.integer(below: better.count)
          let other = stream.integer(below: better.count)
          let swaps = stream.integer(below: 2) == 1
          ahead += (better[episode] ? 1 : 0) - (worse[episode] ? 1 : 0)
          aheadOfOthers += (better[episode] ? 1 : 0) - (worse[other] ? 1 : 0)
          test.add(first: better[episode], second: worse[episode])
          nullTest.add(
            first: swaps ? worse[episode] : better[episode], second: swaps ? better[episode] : worse[episode])
          if better[episode] != worse[episode] {
            if better[episode] { wins += 1 } else { losses += 1 }
            if better[episode] != swaps { nullWins += 1 } else { nullLosses += 1 }
          }
          if step % Self.look == 0, !hasPeekedAlarm {
            hasPeekedAlarm = Self.exactP(nullWins, nullLosses) < 0.05
          }
        }
        unpaired += aheadOfOthers < 0 ? 1 : 0
        paired += ahead < 0 ? 1 : 0
        evenUnpaired += aheadOfOthers == 0 ? 1 : 0
        evenPaired += ahead == 0 ? 1 : 0
        found += wins > losses && Self.exactP(wins, losses) < 0.05 ? 1 : 0
        alarms += Self.exactP(nullWins, nullLosses) < 0.05 ? 1 : 0
        peeked += hasPeekedAlarm ? 1 : 0
        early += test.p < 0.05 && test.onlyFirst > test.onlySecond ? 1 : 0
        earlyAlarms += nullTest.p < 0.05 ? 1 : 0
      }
      func share(_ number: Int) -> Double { Double(number) / Double(draws) }
      return Row(
        episodes: count, wrongUnpaired: share(unpaired), evenUnpaired: share(evenUnpaired), wrongPaired: share(paired),
        evenPaired: share(evenPaired), power: share(found),
        falseAlarms: share(alarms), falseAlarmsWithPeeking: share(peeked), falseAlarmsSequential: share(earlyAlarms),
        powerSequential: share(early))
    }
  }

  /// McNemar's exact p of so many scenes that one policy alone has won, and so many that the other has.
  private static func exactP(_ first: Int, _ second: Int) -> Double {
    PairedComparison(both: 0, onlyFirst: first, onlySecond: second, neither: 0).exactP
  }

  private var better: String { difference > 0 ? names[0] : names[1] }
  private var other: String { difference > 0 ? names[1] : names[0] }

  /// What 50 episodes are worth.
  public var headline: String { findings[0] }

  /// The answer, and what follows.
  var findings: [String] {
    let fifty = rows.first { $0.episodes == 50 }!
    let last = rows.last!
    let gap =
      "\(better) succeeds in \(percent(max(successRates[0], successRates[1]))), \(other) in \(percent(min(successRates[0], successRates[1]))) of \(episodes) episodes at \(level)"
    guard interval[0] > 0 || interval[1] < 0 else {
      return [
        "Too brief to judge: \(gap), and the interval of the difference includes 0; take policies that differ more."
      ]
    }
    return [
      "With 50 episodes each, the worse policy comes out ahead in \(percent(fifty.wrongUnpaired)) of the evaluations and level in \(percent(fifty.evenUnpaired)); where both meet the same episodes, in \(percent(fifty.wrongPaired)) and \(percent(fifty.evenPaired)). In truth \(gap).",
      "Pairing helps as far as both fail in the same scenes: here their outcomes correlate with φ = \(fixed(correlation, 2)).",
      "McNemar's test at 5 % finds the difference in \(percent(fifty.power)) of the paired evaluations of 50 episodes, in \(percent(last.power)) of those of \(last.episodes).",
      "Between equal policies it raises a false alarm in \(percent(last.falseAlarms)) of the evaluations of \(last.episodes) episodes if it is looked at once, and in \(percent(last.falseAlarmsWithPeeking)) if it is looked at every \(Self.look) episodes until it says so. The sequential test of 'planar compare policies --stop-early', looked at after every episode, raises one in \(percent(last.falseAlarmsSequential)), and finds the true difference by then in \(percent(last.powerSequential)).",
    ]
  }

  private var table: TextTable {
    TextTable(
      header: [
        "episodes", "wrong, unpaired", "even, unpaired", "wrong, paired", "even, paired", "difference found",
        "false alarms",
        "with peeking", "sequential test", "difference found by it",
      ],
      rows: rows.map {
        ["\($0.episodes)"]
          + [
            $0.wrongUnpaired, $0.evenUnpaired, $0.wrongPaired, $0.evenPaired, $0.power, $0.falseAlarms,
            $0.falseAlarmsWithPeeking,
            $0.falseAlarmsSequential, $0.powerSequential,
          ].map { percent($0) }
      })
  }

  /// Findings and the table.
  public var text: String { findings.map { "- \($0)" }.joined(separator: "\n") + "\n\n" + table.text }

  /// The same as a page.
  public var report: HTMLReport {
    var page = HTMLReport(title: "\(EvaluationItself.name): \(EvaluationItself.summary)")
    page.paragraph(findings[0])
    page.list(Array(findings.dropFirst()))
    page.heading("The idea")
    page.paragraph(
      "A success rate over 50 episodes is uncertain by up to 14 points either way, and a difference between two such rates by more. Which of two policies comes out ahead is then a matter of luck. Letting both meet the same episodes helps if they fail in the same scenes; more episodes always do. And whoever looks at a running comparison and stops when it is 'significant' has taken many tests for one."
    )
    page.paragraph(
      "Here the truth is known from \(episodes) episodes; small evaluations are drawn from them \(draws) times. For equal policies, the two outcomes of each pair change places by chance."
    )
    page.heading("What came out")
    func curve(_ name: String, _ value: (Row) -> Double) -> Plot.Series {
      Plot.Series(name, rows.map { Plot.Point(Double($0.episodes), value($0)) })
    }
    let x = PlotAxis("episodes per policy", scale: .logarithmic)
    let y = PlotAxis("share of evaluations", range: 0...1, isPercentage: true)
    page.plot(
      Plot(
        "The better policy does not come out ahead", x: x, y: y,
        series: [
          curve("different episodes") { $0.wrongUnpaired + $0.evenUnpaired },
          curve("the same episodes") { $0.wrongPaired + $0.evenPaired },
          curve("the worse one ahead, different episodes") { $0.wrongUnpaired },
        ]))
    page.plot(
      Plot(
        "False alarms between equal policies, at 5 %", x: x, y: PlotAxis("share of evaluations", isPercentage: true),
        series: [
          curve("looked at once") { $0.falseAlarms },
          curve("looked at every \(Self.look)") { $0.falseAlarmsWithPeeking },
          curve("sequential test, looked at always") { $0.falseAlarmsSequential },
        ]))
    page.table(table, caption: "\(names[0]) and \(names[1]) at \(level).")
    page.heading("What was predicted, before the run")
    page.paragraph("Hypothesis: \(EvaluationItself.hypothesis)")
    page.paragraph("Prediction: \(EvaluationItself.prediction)")
    page.list(["Again: planar experiment run \(EvaluationItself.name)\(isQuick ? " --quick" : "")"])
    return page
  }
}
