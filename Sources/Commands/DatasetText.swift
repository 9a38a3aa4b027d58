// What is known of a dataset as lines for the terminal.

import PlanarDatasets
import PlanarEvaluation
import Foundation
import PlanarPolicyInterface

extension DatasetSummary {
  /// All figures, the most important first; every line ended.
  func text(named name: String) -> String {
    var text = head(name)
    text += lengths.map { $0.text(period: controlPeriod) } ?? ""
    text += table("language", languages)
    text += table("command split", splits)
    for (attribute, values) in goals.sorted(by: { $0.key < $1.key }) {
      text += table("goal: \(attribute)", values)
    }
    text += drawsTable
    text += featuresTable
    return text
  }

  private func head(_ name: String) -> String {
    let rate = fixed(1 / controlPeriod, 0)
    let varied = variation.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value)" }.joined()
    let facts = provenance.sorted { $0.key < $1.key }.map {
      "\($0.key.replacing("_", with: " ")) \($0.value)"
    }
    var lines = [
      "\(name): environment \(environment), randomization \(randomization)\(varied), \(rate) actions a second",
      "\(total.episodes) episodes, \(total.frames) frames, \(total.labels) labels; success \(percent(successRate)), \(total.successes) of \(total.episodes)",
      "\(counted(shards, "shard")), \(byteText(bytes)); horizons: observation \(horizons.observation), prediction \(horizons.prediction), execution \(horizons.execution) steps",
    ]
    if !facts.isEmpty { lines.append("recorded with: \(facts.joined(separator: ", "))") }
    if !drivers.isEmpty {
      let shares = drivers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      lines.append("frames by driver: \(shares.joined(separator: ", "))")
    }
    if let returns {
      lines.append(
        "sum of rewards: mean \(figure(returns.mean)), from \(figure(returns.min)) to \(figure(returns.max))")
    }
    if let seeds {
      var line = "seeds \(seeds.first) to \(seeds.last), \(commands) different commands"
      if seeds.evaluation + seeds.tuning > 0 {
        line += "; \(seeds.evaluation) seeds are reserved for evaluation, \(seeds.tuning) for tuning"
      }
      lines.append(line)
    }
    for shard in damaged {
      lines.append(
        "DAMAGED, not counted (\(shard.episodes) episodes, \(shard.labels) labels): \(shard.problem)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func table(_ title: String, _ rows: [String: GroupStatistics]) -> String {
    guard !rows.isEmpty else { return "" }
    var table = TextTable(header: [title, "episodes", "success", "frames", "labels"])
    table.rows = rows.sorted { $0.key < $1.key }.map { name, group in
      [
        name, "\(group.episodes)", percent(Double(group.successes) / Double(max(1, group.episodes))),
        "\(group.frames)", "\(group.labels)",
      ]
    }
    return "\n" + table.text
  }

  private var drawsTable: String {
    guard !draws.isEmpty else { return "" }
    var table = TextTable(header: ["drawn per episode", "mean", "std", "least", "greatest", "episodes"])
    table.rows = draws.sorted { $0.key < $1.key }.map { name, spread in
      [name] + [spread.mean, spread.std, spread.min, spread.max].map(figure) + ["\(spread.episodes)"]
    }
    return "\n" + table.text
  }

  private var featuresTable: String {
    var table = TextTable(header: ["feature", "mean", "std", "least", "greatest", "bounds"])
    for feature in features.observations + [features.action] {
      let numbers = statistics?[feature.name]
      table.rows.append(["\(feature.name) \(feature.shape)"])
      for (index, element) in feature.elements.enumerated() {
        var row = ["  \(element)"]
        if let numbers {
          row += [numbers.mean, numbers.std, numbers.min, numbers.max].map { figure($0[index]) }
        } else {
          row += ["", "", "", ""]
        }
        row.append(
          feature.bounds.map { "\(figure(Double($0[index].least))) – \(figure(Double($0[index].greatest)))" }
            ?? "")
        table.rows.append(row)
      }
    }
    return "\n" + table.text
  }
}

extension LengthDistribution {
  /// A line of figures and a histogram.
  fileprivate func text(period: Double) -> String {
    var text =
      "\nepisode length: \(min) to \(max) steps, mean \(fixed(mean, 1)) (\(fixed(mean * period, 1)) s), median \(median), a tenth up to \(tenth), nine tenths up to \(ninetieth)\n"
    let most = bins.map(\.episodes).max() ?? 1
    var table = TextTable(header: ["steps", "episodes"])
    let digits = "\(bins.last?.to ?? 0)".count
    func padded(_ number: Int) -> String {
      String(repeating: " ", count: digits - "\(number)".count) + "\(number)"
    }
    table.rows = bins.map { bin in
      let bar = String(repeating: "█", count: (24 * bin.episodes + most - 1) / most)
      let range =
        bin.to - bin.from == 1
        ? padded(bin.from) : "\(padded(bin.from)) – \(padded(bin.to - 1))"
      return ["\(range)  \(bar)", "\(bin.episodes)"]
    }
    text += table.text
    return text
  }
}

extension DatasetCheck {
  /// Every problem on a line, then what is left; every line ended.
  func text(named name: String) -> String {
    var lines = problems.map(\.problem)
    lines += notes.map { "note: \($0)" }
    let held = "\(episodes) episodes, \(frames) frames, \(labels) labels"
    if problems.isEmpty {
      lines.append("\(name): nothing is wrong with its \(counted(shards, "shard")) (\(held))")
    } else {
      lines.append(
        "\(name): \(counted(problems.count, "problem")); \(usableShards) of \(counted(shards, "shard")) can be read (\(held))"
      )
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// `1 shard`, `2 shards`.
private func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

/// A number with four significant digits.
private func figure(_ value: Double) -> String { String(format: "%.4g", value) }

/// A size as people read it.
private func byteText(_ bytes: Int) -> String {
  let megabytes = Double(bytes) / 1e6
  return megabytes >= 1000
    ? "\(fixed(megabytes / 1000, 1)) GB" : megabytes >= 0.1 ? "\(fixed(megabytes, 1)) MB" : "\(bytes) bytes"
}
