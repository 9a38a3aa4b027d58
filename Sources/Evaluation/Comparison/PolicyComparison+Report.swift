// report.html and comparison.csv: the comparison as a page, and as rows.

import Foundation
import PlanarCore

extension PolicyComparison {
  /// The comparison as a page.
  ///
  /// - Parameters:
  ///   - decisions: those that the comparison was made from, for the course of the evidence.
  ///   - command: the command line that made it.
  public func report(_ decisions: PairedDecisions, command: String) -> HTMLReport {
    var page = HTMLReport(title: "Policies compared: \(policies.map(\.policy).joined(separator: ", "))")
    page.list(pairs.map { sentence(of: $0) + " " + posteriorSentence(of: $0) })
    page.paragraph(setting + " " + ruleSentence)
    if policies.contains(where: { $0.trainingSeeds > 0 }) { page.paragraph(caution) }

    page.heading("Success")
    page.plot(
      BarPlot(
        "Success with exact 95 % intervals", categories: policies.map(\.policy),
        y: PlotAxis("success", range: 0...1, isPercentage: true),
        series: [BarPlot.Series("", policies.map { BarPlot.Bar($0.success) })]),
      caption: policies.map { "\($0.policy): \($0.trainingText)" }.joined(separator: "; ") + ".")
    page.table(policyTable, caption: "Exact intervals of Clopper and Pearson.")

    page.heading("Differences")
    page.paragraph(
      "All policies met the same scenes, so only those that one of the two won and the other did not tell them apart. A difference is the first's success less the second's."
    )
    let most = pairs.flatMap { [$0.figures.differenceLow, $0.figures.differenceHigh] }.map(abs).max() ?? 0
    let reach = max(most, rules.margin) * 1.1
    page.plot(
      BarPlot(
        "Differences in points; below \(rules.marginText) either way they do not matter",
        categories: pairs.map { "\($0.first) – \($0.second)" },
        y: PlotAxis("points", range: -100 * reach...100 * reach),
        series: [
          BarPlot.Series(
            "",
            pairs.map {
              BarPlot.Bar(
                100 * $0.figures.difference, low: 100 * $0.figures.differenceLow, high: 100 * $0.figures.differenceHigh)
            })
        ]),
      caption: rules.stopsEarly
        ? "Intervals of 95 % that may be looked at after every episode." : "Newcombe's 95 % intervals for pairs.")
    page.table(pairTable)
    let courses = zip(pairs, decisions.pairs).filter { !$1.course.isEmpty }
    if !courses.isEmpty {
      page.heading("Evidence, episode by episode")
      page.plot(
        Plot(
          "p-value that may be looked at after every episode", x: PlotAxis("episodes"),
          y: PlotAxis("p", scale: .logarithmic, range: rules.alpha / 100...1),
          series: [level(to: decisions)]
            + courses.map { row, pair in
              Plot.Series(
                "\(row.first) – \(row.second)", pair.course.map { Plot.Point(Double($0.episode), $0.p) }, style: .line)
            }),
        caption:
          "Where a line goes below \(shortNumber(rules.alpha)), --stop-early would have ended a single pair. Smaller values run along the foot."
      )
    }
    for pair in pairs {
      page.heading("\(pair.first) and \(pair.second)")
      page.table(
        conditionTable(of: pair), caption: "By the goal's attributes; p-values are adjusted within this table.")
      var table = TextTable(header: ["seed", "succeeded alone", "command", "what shows it"])
      table.rows = pair.discordant.map { ["\($0.seed)", $0.winner, $0.command, $0.replay] }
      page.table(table, caption: "All \(table.rows.count) episodes that exactly one of the two won.")
    }
    page.heading("How it was done")
    page.list([command, ruleSentence, setting])
    return page
  }

  /// A line at alpha, as far as the episodes go.
  private func level(to decisions: PairedDecisions) -> Plot.Series {
    let last = decisions.pairs.map(\.test.episodes).max() ?? 0
    let points = [0, last].map { Plot.Point(Double($0), rules.alpha) }
    return Plot.Series("alpha, \(shortNumber(rules.alpha))", points, style: .line)
  }

  /// The figures as comma-separated values: for each pair a row of all scenes, then one for each value of an attribute.
  public var csv: String {
    let header = [
      "first", "second", "training_seeds_first", "training_seeds_second", "attribute", "value", "episodes", "both",
      "only_first", "only_second", "neither", "difference", "difference_low", "difference_high", "p", "adjusted_p",
      "anytime_p", "verdict",
    ]
    var table = CSVTable(header: header)
    for pair in pairs {
      func row(_ figures: PairFigures, _ attribute: String, _ value: String, _ tail: [String]) -> [String] {
        let seeds = [pair.first, pair.second].map { name in policies.first { $0.policy == name }?.trainingSeeds ?? 0 }
        let counts = [figures.episodes, figures.both, figures.onlyFirst, figures.onlySecond, figures.neither]
        let numbers = [figures.difference, figures.differenceLow, figures.differenceHigh]
        return [pair.first, pair.second] + seeds.map(String.init) + [attribute, value] + counts.map(String.init)
          + numbers.map { "\($0)" } + [figures.p, figures.adjustedP].map { $0.map { "\($0)" } ?? "" } + tail
      }
      table.rows.append(row(pair.figures, "", "", ["\(pair.anytimeP)", pair.verdict.rawValue]))
      table.rows += pair.conditions.map { row($0.figures, $0.attribute, $0.value, ["", ""]) }
    }
    return table.text
  }

  /// Writes `report.html`, `comparison.csv` and, last, `comparison.json`, which makes the comparison count.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public func write(to folder: URL, report: HTMLReport) throws {
    try report.write(to: folder.appendingPathComponent("report.html"))
    try PlanarEvaluation.write(Data(csv.utf8), to: folder.appendingPathComponent("comparison.csv"))
    try writeSummary(self, to: folder.appendingPathComponent("comparison.json"))
  }
}
