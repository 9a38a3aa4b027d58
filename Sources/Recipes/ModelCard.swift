// MODEL-CARD.md: what a checkpoint is, what it learned from, and what it reaches.

import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarLearning
import PlanarPolicies

/// A checkpoint's card. All of it follows from recipe, checkpoint and measurements; only the times are the machine's.
struct ModelCard {
  static let file = "MODEL-CARD.md"

  var recipe: Recipe
  var origin: RecipeOrigin
  var policy: TrainedPolicy
  var records: [TrainingRecord]
  var times: RunTimes
  var summaries: [EvaluationSummary]

  var text: String {
    var text = "# \(recipe.name)\n\n"
    if !recipe.description.isEmpty { text += recipe.description + "\n\n" }
    text +=
      "Made by `\(origin.command)`\(origin.changes.isEmpty ? "" : ", but with \(origin.changes.joined(separator: ", "))").\n\n"
    text += "## What it reaches\n\n\(success)\n"
    text += "## What it learned from\n\n\(table(data))\n"
    text += "## How it was trained\n\n\(table(training))\n"
    text += "## What it is\n\n\(table(network))"
    return text
  }

  private var success: String {
    guard let first = summaries.first else {
      return "Not measured: `planar eval --policy` and this folder do.\n"
    }
    var rows = MarkdownTable(header: ["episodes", "success", "of"])
    let hasMetrics = summaries.contains { $0.meanMetrics != nil }
    if hasMetrics { rows.header.append("means") }
    rows.rows = summaries.map { summary in
      var name = summary.conditionName
      if summary.command == "swapped" {
        name += " (the goal drawn with the scene reached in \(percent(summary.drawnGoalRate)))"
      }
      let metrics = (summary.meanMetrics ?? [:]).sorted { $0.key < $1.key }
        .map { "\($0.key.replacing("_", with: " ")) \(fixed($0.value, 3))" }.joined(separator: ", ")
      return [name, rateText(summary.success), "\(summary.episodes)"] + (hasMetrics ? [metrics] : [])
    }
    return """
      Success with exact 95 % intervals (Clopper–Pearson) in `\(first.environment)`, on seeds from \(first.firstSeed) on, \
      which are reserved for evaluation; 1 training seed. Where nothing else is said, randomization is `train`.

      \(rows.text)
      """
  }

  private func table(_ rows: [(String, String)]) -> String {
    MarkdownTable(header: ["", ""], rows: rows.map { [$0.0, $0.1] }).text
  }

  /// The checkpoint's provenance in words; what has no words of its own comes last, by its key.
  private var data: [(String, String)] {
    var facts = policy.configuration.provenance
    for key in ["training_steps", "batch_size", "learning_rate", "training_seed", "recipe"] {
      facts[key] = nil
    }
    var rows = [("environment", "`\(policy.configuration.environment)`")]
    for (key, words) in Self.words {
      if let value = facts.removeValue(forKey: key) { rows.append((words, value)) }
    }
    return rows + facts.sorted { $0.key < $1.key }.map { ($0.key.replacing("_", with: " "), $0.value) }
  }

  private static let words = [
    ("source", "who drove"), ("label_episodes", "episodes"), ("labels", "labelled windows"),
    ("first_seed", "first seed"), ("randomization", "randomization"), ("language", "language of commands"),
    ("split", "split of commands"), ("robots", "robots"),
    ("action_noise", "noise on executed actions (1 = full speed)"),
    ("push_probability", "chance of a push per step"), ("shove_probability", "chance of a shove per step"),
    ("mirror", "learned in a mirror too"), ("label_stride", "steps between labels"), ("teacher", "teacher"),
    ("trunk_from", "text encoder and trunk started from"),
  ]

  private var training: [(String, String)] {
    let configuration = recipe.training
    var rows = [
      ("gradient steps", "\(configuration.steps)"), ("windows a step", "\(configuration.batchSize)"),
      (
        "learning rate",
        "\(configuration.learningRate), \(configuration.warmupSteps) steps of warm-up, then a cosine"
      ),
      ("weight decay", "\(configuration.weightDecay)"),
      ("weights' moving average", "\(configuration.averageDecay)"), ("seed", "\(configuration.seed)"),
    ]
    if let last = records.last {
      rows.append(("passes over the labels", fixed(last.epochs, 1)))
      rows.append(("last training loss", fixed(Double(last.trainingLoss), 5)))
      if let loss = last.validationLoss { rows.append(("last validation loss", fixed(Double(loss), 5))) }
    }
    rows.append(
      (
        "wall time",
        "\(Self.duration(times.training)) of training, \(Self.duration(times.collecting)) of collecting data, \(times.threads) thread\(times.threads == 1 ? "" : "s")"
      ))
    return rows
  }

  private var network: [(String, String)] {
    let configuration = policy.configuration
    let horizons = configuration.horizons
    return [
      ("head", "`\(configuration.head.name)`\(headOptions)"), ("parameters", "\(policy.parameterCount)"),
      (
        "horizons",
        "\(horizons.observation) observations, \(horizons.prediction) predicted steps, \(horizons.execution) executed"
      ),
    ]
  }

  /// The head's plain options.
  private var headOptions: String {
    func encoded(_ value: some Encodable) -> Data? { try? JSONEncoder().encode(value) }
    guard let data = encoded(policy.configuration.head),
      let choice = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let options = choice["options"] as? [String: Any]
    else { return "" }
    let words = options.filter { $0.value is String || $0.value is NSNumber }.sorted { $0.key < $1.key }
      .map { "\(snakeCase($0.key)) \($0.value)" }
    return words.isEmpty ? "" : ": " + words.joined(separator: ", ")
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
