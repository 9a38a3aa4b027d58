// The report: what was done, what came out, and how to read it, for somebody without the manual.

import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarReplays

extension CovariateShiftAnalysis: ExperimentOutcome {
  /// The whole comparison as a page.
  public var report: HTMLReport {
    let configuration = result.configuration
    let horizons = configuration.executionHorizons
    var page = HTMLReport(title: "Covariate shift: behaviour cloning, noise injection, DAgger")
    page.paragraph(findings[0])
    page.heading("What covariate shift is")
    page.paragraph(
      "A policy that imitates an expert is trained on the states that the expert comes through. Then it drives, and comes into states of its own. Where it errs a little, the next state is one that no demonstration showed; there it errs more, and drifts away. The loss that training minimises does not see any of that, because it is measured on the expert's states: a policy can imitate almost perfectly and still fail."
    )
    page.paragraph(
      "Measured here on the task '\(result.environment)' (randomization \(result.randomization)), with two remedies: demonstrations with noise on the expert's actions, so that recoveries are seen, and DAgger, which lets the learner drive and asks the expert what it should have done where the learner went."
    )
    if let drifting = driftingPath {
      page.plot(
        drifting,
        caption:
          "An evaluation episode in which behaviour cloning failed, chosen for that, seen from above: the path of the tip relative to the zone's centre, for the expert and for policies with the same number of labels."
      )
    }
    if !drivingFilms.isEmpty {
      page.player(drivingFilms, caption: "The same episode, driven by either policy. Light and shadows are left out.")
    }
    page.heading("What came out")
    page.list(Array(findings.dropFirst()))

    page.heading("Success against labels")
    page.paragraph(
      "A label is the expert's chunk of 16 actions at one observation. In every method the expert labels every \(configuration.labelStride)th state, so that equal labels mean about equally many episodes; only who drives differs. Points are means over \(configuration.trainingSeeds.count) training seeds and \(configuration.evaluationEpisodes) episodes, the same for all; bars are 95 % intervals over seeds and episodes (Student's). The expert itself succeeds in \(percent(result.expertSuccessRate))."
    )
    for horizon in horizons {
      page.plot(
        Plot(
          "Execution horizon \(horizon)", x: PlotAxis("expert labels", scale: .logarithmic),
          y: PlotAxis("success", range: 0...1, isPercentage: true),
          series: ShiftMethod.allCases.map { method in
            Plot.Series(
              method.rawValue,
              configuration.labelBudgets.compactMap { labels in
                row(method, horizon, labels).map {
                  Plot.Point(Double(labels), $0.success.mean, low: $0.success.low, high: $0.success.high)
                }
              })
          }),
        caption: horizon == 1
          ? "The policy is asked at every step: errors can feed on themselves fastest."
          : "\(horizon) steps of each chunk are executed before the policy looks again.")
    }

    page.heading("Imitation error on the expert's states and on the learner's own")
    page.paragraph(
      "Difference between the executed actions and the expert's, the root of the mean square of each chunk, averaged over chunks, in units of the action's range (1 = full speed). 'Expert's states' are held-out expert episodes: the loss that training sees. 'Own states' are those that the policy itself brought about before it got stuck, labelled by the same expert. Without covariate shift the two would agree."
    )
    for horizon in horizons {
      page.plot(
        Plot(
          "Execution horizon \(horizon)", x: PlotAxis("expert labels", scale: .logarithmic),
          y: PlotAxis("action error"),
          series: ShiftMethod.allCases.filter { $0 != .noisyBehaviourCloning }.flatMap { method in
            [
              Plot.Series(
                "\(method.rawValue), expert's states",
                configuration.labelBudgets.compactMap { labels in
                  row(method, horizon, labels).map { Plot.Point(Double(labels), $0.expertStateError) }
                }),
              Plot.Series(
                "\(method.rawValue), own states",
                configuration.labelBudgets.compactMap { labels in
                  row(method, horizon, labels).map { Plot.Point(Double(labels), $0.ownStateError) }
                }),
            ]
          }))
    }

    page.heading("Where the visited states drift apart")
    let most = configuration.labelBudgets.last!
    page.paragraph(
      "Energy distance (Székely & Rizzo 2013) between the states of the policy and of the expert at the same time of the episode, at \(most) labels: tip relative to the named object and object relative to its zone, each feature in its standard deviations. At the start all are equal, since the scenes are; episodes that have ended stay in their last state."
    )
    for horizon in horizons {
      page.plot(
        Plot(
          "Execution horizon \(horizon), \(most) labels", x: PlotAxis("control step"),
          y: PlotAxis("energy distance to the expert"),
          series: ShiftMethod.allCases.compactMap { method in
            row(method, horizon, most).map { row in
              Plot.Series(
                method.rawValue,
                zip(result.frames, row.divergence).map { Plot.Point(Double($0), $1) })
            }
          }))
    }

    page.heading("What was predicted, before the run")
    page.paragraph("Hypothesis: \(CovariateShift.hypothesis)")
    page.paragraph("Prediction: \(CovariateShift.prediction)")
    if !verdicts.isEmpty {
      page.paragraph("What became of it:")
      page.list(verdicts)
    }
    page.heading("All figures")
    for horizon in horizons {
      page.table(table(horizon), caption: "Execution horizon \(horizon); success in percent.")
    }
    page.heading("How it was done")
    page.list([
      "Head: regression (mean squared error) on the \(configuration.size.rawValue) network, shown \(configuration.observedFrames == 1 ? "the present observation" : "the last \(configuration.observedFrames) observations"); \(configuration.training.steps) gradient steps of \(configuration.training.batchSize) labels each, whatever the budget; every policy in the tables is trained from scratch.",
      "BC: the expert drives without noise. BC + noise: Gaussian noise of \(fixed(configuration.actionNoise.deviation, 2)) on its actions and now and then a push; labels stay clean.",
      "DAgger: demonstrations up to the first budget; then the policy of each budget drives the collection for the next, mixed per chunk with the expert at β = \(fixed(configuration.expertShare, 2)), falling by \(fixed(configuration.expertShareDecay, 2)) a round. "
        + "It collects once, with execution horizon \(configuration.executionHorizons.max() ?? 0).",
      "Evaluation episodes: seeds \(configuration.firstEvaluationSeed) to \(configuration.firstEvaluationSeed + UInt64(configuration.evaluationEpisodes) - 1), never trained on. Training episodes: seeds from 1,000,000 on, apart for every training seed.",
      configuration.measuresClonesAtEveryBudget
        ? "All label budgets that were run are shown."
        : "All that was run is shown: BC and BC + noise with the largest budget, BC with the first too, where DAgger begins with the same labels. The full form has them with every budget.",
    ])
    return page
  }

  /// The ways of the tip in the first kept episode in which the expert is there and behaviour cloning fails, at the largest
  /// budget; nil where there is none.
  private var driftingPath: Plot? {
    guard let main = mainDifference, let (cells, episode) = tellingEpisode else { return nil }
    let cloned = cells[0]
    // The tip from the object and the object from the zone add up to the tip from the zone.
    func way(_ path: [[Float]]) -> [Plot.Point] {
      path.filter { $0.count == 4 }.map { Plot.Point(100 * Double($0[0] + $0[2]), 100 * Double($0[1] + $0[3])) }
    }
    let series =
      [Plot.Series("expert", way(result.expertPaths[episode]), style: .line)]
      + cells.map { Plot.Series($0.method.rawValue, way($0.paths[episode]), style: .line) }
    guard series[0].points.count > 1 else { return nil }
    return Plot(
      "Episode \(seed(of: episode)), \(main.labels) labels, training seed \(cloned.trainingSeed)",
      x: PlotAxis("cm right of the zone's centre"), y: PlotAxis("cm beyond the zone's centre"), series: series)
  }

  /// Behaviour cloning and DAgger in the telling episode, as far as they were filmed.
  private var drivingFilms: [SceneFilm] {
    guard let (cells, episode) = tellingEpisode else { return [] }
    return cells.filter { $0.method != .noisyBehaviourCloning && $0.films.indices.contains(episode) }
      .map { $0.films[episode] }
  }

  /// The cells of all methods at the largest budget, behaviour cloning first, and the first kept episode in which that
  /// fails; one in which DAgger does not is taken before others.
  private var tellingEpisode: ([ShiftCell], Int)? {
    guard let main = mainDifference else { return nil }
    let methods: [ShiftMethod] = [.behaviourCloning, .noisyBehaviourCloning, .dagger]
    let cells = methods.compactMap { result.cells($0, main.executionHorizon, main.labels).first }
    guard let cloned = cells.first, cloned.method == .behaviourCloning else { return nil }
    let failed = cloned.paths.indices.filter { !cloned.successes[$0] && result.expertPaths.indices.contains($0) }
    let mended = failed.first { episode in cells.contains { $0.method == .dagger && $0.successes[episode] } }
    return (mended ?? failed.first).map { (cells, $0) }
  }

  private func seed(of episode: Int) -> UInt64 { result.configuration.firstEvaluationSeed + UInt64(episode) }
}
