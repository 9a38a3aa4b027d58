// The page of an evaluation: the answer first, then the conditions, then what went wrong, to be looked at.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarRollouts

/// An evaluation of one policy as a page that needs nothing besides itself.
package struct EvaluationPage {
  /// An episode that is shown again.
  package struct Replay {
    /// What was drawn.
    package var film: SceneFilm
    /// The command that shows it in the window.
    package var command: String
    /// Whether it failed.
    package var isFailure: Bool

    /// An episode with the command that shows it.
    package init(film: SceneFilm, command: String, isFailure: Bool) {
      (self.film, self.command, self.isFailure) = (film, command, isFailure)
    }
  }

  /// The figures.
  package var summary: EvaluationSummary
  /// How many episodes failed, by the reason.
  package var failures: [EpisodeFailure: Int]
  /// The episodes that are shown.
  package var replays: [Replay]
  /// The command line that made the evaluation.
  package var command: String

  /// The page of some figures.
  package init(
    _ summary: EvaluationSummary, failures: [EpisodeFailure: Int], replays: [Replay], command: String
  ) {
    (self.summary, self.failures, self.replays, self.command) = (summary, failures, replays, command)
  }

  /// The page.
  package var report: HTMLReport {
    var page = HTMLReport(title: "\(summary.policy) in \(summary.environment)")
    page.paragraph(summary.headline)
    page.list(remarks)
    if !summary.byCondition.isEmpty {
      page.heading("Success by what was asked for")
      if let plot = conditionPlot { page.plot(plot, caption: "Bars are exact 95 % intervals (Clopper and Pearson).") }
      page.table(conditionTable, caption: "By the goal's attributes, with exact intervals.")
    }
    page.heading(summary.isUnsaid ? "Episodes that did not reach the drawn goal" : "Failed episodes")
    page.paragraph(failureSentence)
    show(replays.filter(\.isFailure), in: &page)
    let successes = replays.filter { !$0.isFailure }
    if !successes.isEmpty {
      page.heading(summary.isUnsaid ? "Episodes that reached it" : "Episodes that succeeded")
      show(successes, in: &page)
    }
    page.heading("How it was done")
    page.command(command)
    page.list(howItWasDone)
    if let first = replays.first {
      page.paragraph("An episode as a film in a file, .mp4, .gif or .png:")
      page.command("\(first.command) --headless --episodes 1 --film episode.mp4")
    }
    return page
  }

  private func show(_ replays: [Replay], in page: inout HTMLReport) {
    page.sideBySide(replays) { replay, page in
      page.player([replay.film], caption: "")
      page.command(replay.command)
    }
  }

  private var remarks: [String] {
    var remarks: [String] = []
    if summary.checkpoint != nil {
      remarks.append(
        "One training seed stands behind the checkpoint: the figure is about this checkpoint, not about how it was trained."
      )
    }
    if summary.command == "swapped" {
      remarks.append(
        "Every episode had another valid command than the scene's own; the goal drawn with the scene was reached, as well or instead, in \(percent(summary.drawnGoalRate))."
      )
    }
    if let steps = summary.meanStepsToSuccess {
      remarks.append("Episodes that succeeded took \(fixed(steps, 1)) control steps on average.")
    }
    remarks += summary.metricSentences.map { $0 + "." }
    let width = fixed(100 * (summary.intervalHigh - summary.intervalLow), 1)
    remarks.append(
      "The interval is \(width) points wide; four times as many episodes would halve it. Whether another policy is better is told by 'planar compare policies', on the same episodes."
    )
    return remarks
  }

  /// All values side by side, where they are few enough to be read.
  private var conditionPlot: BarPlot? {
    let rows = summary.conditions.flatMap(\.rows)
    guard (2...12).contains(rows.count) else { return nil }
    let all = BarPlot.Bar(summary.success)
    let bars = rows.map { BarPlot.Bar($0.success) }
    return BarPlot(
      "Success", categories: ["all"] + rows.map(\.value), y: PlotAxis("success", range: 0...1, isPercentage: true),
      series: [BarPlot.Series("", [all] + bars)])
  }

  private var conditionTable: TextTable {
    func row(_ name: String, _ success: Proportion) -> [String] {
      [name, "\(success.successes) of \(success.trials)", rateText(success)]
    }
    return TextTable(
      header: ["goal", "succeeded", "success [95 %]"],
      rows: [row("all", summary.success)]
        + summary.conditions.flatMap { attribute, rows in
          rows.map { row("\(attribute) \($0.value)", $0.success) }
        })
  }

  private var failureSentence: String {
    let failed = summary.episodes - summary.successes
    guard failed > 0 else { return "None of the \(summary.episodes)." }
    let kinds: [(EpisodeFailure, String)] = [
      (.outOfTime, "out of time"), (.otherGoal, "in pursuit of another goal"), (.ruleBroken, "by breaking a rule"),
    ]
    let counts = kinds.compactMap { kind, words in failures[kind].map { "\($0) \(words)" } }.joined(separator: ", ")
    let shown = replays.count(where: \.isFailure)
    guard shown > 0 else { return "\(failed) of \(summary.episodes): \(counts)." }
    let chosen = shown < failed ? " \(shown) of them are shown, spread over reasons and goals." : ""
    return
      "\(failed) of \(summary.episodes): \(counts).\(chosen) Light and shadows are left out of films; the command below each shows the episode in the window."
  }

  private var howItWasDone: [String] {
    var facts = [
      "Environment \(summary.environment), \(summary.conditionName); seeds \(summary.firstSeed) to \(summary.lastSeed), which are reserved for measuring and never trained on."
    ]
    if let checkpoint = summary.checkpoint {
      facts.append("Checkpoint \(checkpoint)\(summary.weights.map { ", weights \($0)" } ?? "").")
    }
    if let execution = summary.execution { facts.append("Chunks: \(execution.sentence).") }
    if let sampling = summary.samplingSentence { facts.append("Sampling: \(sampling).") }
    facts.append(
      "Planar \(planarVersion). The replays were driven again for this page, to the same bits; episodes.jsonl has every episode, summary.json and summary.csv the figures."
    )
    return facts
  }
}
