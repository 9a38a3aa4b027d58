// The page of an experiment on arms: the answer first, then the idea, the picture, the figures, how to run it again.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarReplays

extension ArmOutcome: ExperimentOutcome {
  /// The whole experiment as a page.
  public var report: HTMLReport {
    var page = HTMLReport(title: "\(words.name): \(words.summary)")
    page.paragraph(headline)
    page.list(sentences.dropFirst() + findings)
    page.heading("The idea")
    words.explanation.forEach { page.paragraph($0) }
    page.heading("What came out")
    for plot in plots { page.plot(plot, caption: plotCaption) }
    if let bars { page.plot(bars, caption: plotCaption) }
    page.table(table, caption: "Success in percent of episodes.")
    for films in self.films where !films.isEmpty {
      page.player(
        films,
        caption:
          "The same scene under two arms, chosen because they differ there. Light and shadows are left out.")
    }
    if !costs.isEmpty {
      page.heading("What it cost")
      page.table(
        costTable,
        caption:
          "What each policy was made from. How often an episode asks the policy is in the table above: 'questions'.")
    }
    page.heading("What was predicted, before the run")
    page.paragraph("Hypothesis: \(words.hypothesis)")
    page.paragraph("Prediction: \(words.prediction)")
    page.heading("What would change the verdict")
    page.list(whatWouldChangeIt)
    page.heading("How it was done")
    page.list(howItWasDone)
    if !words.references.isEmpty {
      page.heading("References")
      page.list(words.references)
    }
    return page
  }

  private var plotCaption: String {
    "Bars are 95 % intervals: Clopper and Pearson's over episodes where one training seed stands behind a point, Student's over training seeds and episodes where there are several."
  }

  /// One plot of all curves, where arms are points.
  private var plots: [Plot] {
    let points = rows.compactMap { row in plan.arms.first { $0.name == row.arm }!.point.map { ($0, row) } }
    guard !points.isEmpty else { return [] }
    var curves: [String] = []
    for (point, _) in points where !curves.contains(point.curve) { curves.append(point.curve) }
    return [
      Plot(
        "Success of each arm", x: PlotAxis(plan.axis, scale: plan.isLogarithmic ? .logarithmic : .linear),
        y: PlotAxis("success", range: 0...1, isPercentage: true),
        series: curves.map { curve in
          Plot.Series(
            curve,
            points.filter { $0.0.curve == curve }.sorted { $0.0.x < $1.0.x }.map {
              Plot.Point($0.0.x, $0.1.success ?? .nan, low: $0.1.interval[0], high: $0.1.interval[1])
            })
        })
    ]
  }

  /// Bars for the arms that are no points.
  private var bars: BarPlot? {
    let rows = rows.filter { row in plan.arms.first { $0.name == row.arm }!.point == nil }
    guard !rows.isEmpty else { return nil }
    let countsGoals = plan.contrasts.contains { $0.measure == .drawnGoal }
    var series = [
      BarPlot.Series(
        "the command obeyed",
        rows.map { row in row.success.map { BarPlot.Bar($0, low: row.interval[0], high: row.interval[1]) } })
    ]
    if countsGoals { series.append(BarPlot.Series("the drawn goal reached", rows.map { BarPlot.Bar($0.drawnGoal) })) }
    return BarPlot(
      "Success of each arm", categories: rows.map(\.arm),
      y: PlotAxis("share of episodes", range: 0...1, isPercentage: true),
      series: series)
  }

  private var whatWouldChangeIt: [String] {
    var sentences = contrasts.map { result in
      let border =
        switch result.contrast.prediction {
        case .above(let least):
          "'\(result.contrast.claim)' would be refuted by a difference whose interval lies below \(fixed(100 * least, 0)) points and includes 0 or less"
        case .within(let margin):
          "'\(result.contrast.claim)' would be refuted by a difference whose interval lies beyond \(fixed(100 * margin, 0)) points"
        }
      return border + "."
    }
    if rows.contains(where: { $0.trainingSeeds == 1 }) {
      sentences.append(
        "A figure with one training seed speaks of that checkpoint, not of its method: retraining moves success by several points, which its interval does not show. The full form trains several."
      )
    }
    return sentences
  }

  private var howItWasDone: [String] {
    let last = plan.firstSeed + UInt64(plan.episodes) - 1
    var sentences = [
      "Evaluation episodes: seeds \(plan.firstSeed) to \(last), the same for every arm and never trained on, so that differences are paired."
    ]
    for policy in plan.policies {
      switch policy.source {
      case .checkpoint(let name): sentences.append("\(policy.name): the checkpoint \(name).")
      case .recipe(let recipe):
        sentences.append(
          "\(policy.name): trained here, \(plan.trainingSeeds.count) times, \(recipe.training.steps) steps of \(recipe.training.batchSize) on \(recipe.data.episodes) episodes of \(recipe.environment) (head \(recipe.head.name)); recipe.json in policies/ says all."
        )
      case .expert(let environment): sentences.append("\(policy.name): the scripted expert of \(environment).")
      }
    }
    let usual = plan.firstSeed == 20_000 ? "" : " --evaluation-seed \(plan.firstSeed)"
    sentences.append(
      "Again: planar experiment run \(words.name)\(isQuick ? " --quick" : "") --episodes \(plan.episodes) --training-seeds \(plan.trainingSeeds.count)\(usual)"
    )
    sentences.append(
      "In tables, 'steps of successes' are control steps of the episodes that succeeded; 'questions' is how often an episode asks the policy for a chunk; 'jump' is how far the first action of a chunk lies from what the chunk before would have gone on with; 'drawn goal' is the goal that the scene was drawn with, whatever was said."
    )
    return sentences
  }
}
