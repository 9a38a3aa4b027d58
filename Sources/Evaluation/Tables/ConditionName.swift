// What an evaluation's episodes are called in tables: by what is not usual about them.

import Foundation
import PlanarPolicyInterface

extension EvaluationSummary {
  /// The name of a wordings file in summaries.
  public static func wordingsName(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// The episodes in a few words: the level of randomization alone, such as `wide`, or what else was set, such as
  /// `swapped`, `Korean, compositional`; then the level comes with it where it is not `train`.
  public var conditionName: String {
    var parts: [String] = []
    var rest = variation ?? [:]
    switch rest.removeValue(forKey: "language") {
    case "ko": parts.append("Korean")
    case "any": parts.append("English and Korean")
    case let other?: parts.append(other)
    case nil: break
    }
    if let split = rest.removeValue(forKey: "split") { parts.append(split == "train" ? "train wordings" : split) }
    if command == "swapped" { parts.append("swapped") }
    if let unsaid = UnsaidCommand(rawValue: command) { parts.append("\(unsaid.rawValue) command") }
    if command == "text" { parts.append("one command") }
    if command == "wordings" { parts.append("wordings" + (wordings.map { " " + $0 } ?? "")) }
    if let rung = rest.removeValue(forKey: "rung") { parts.append("rung \(rung)") }
    for (option, value) in rest.sorted(by: { $0.key < $1.key }) where !Self.interface.contains(option) {
      parts.append("\(option.replacing("set.", with: "")) \(value)")
    }
    if parts.isEmpty || randomization != "train" { parts.insert(randomization, at: 0) }
    return parts.joined(separator: ", ")
  }

  /// How chunks were made otherwise than the checkpoint says, to stand behind the policy's name, such as
  /// ` (weights int8)`; empty where they were not.
  var samplingText: String {
    guard let sampling, !sampling.isEmpty else { return "" }
    return " (" + sampling.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ") + ")"
  }

  /// What a policy needs to see and what its actions say: no condition that it is put to, the episodes are the same.
  private static let interface: Set = ["image", "touch", "action_space"]

  /// Columns from the usual to the unusual.
  static func isBefore(_ one: String, _ other: String) -> Bool {
    let order = [
      "none", "train", "wide", "real", "swapped", "train wordings", "compositional", "paraphrase", "distractor",
    ]
    func rank(_ name: String) -> Int {
      if let index = order.firstIndex(of: name) { return index }
      return name.hasPrefix("Korean") ? order.count : order.count + 1
    }
    return (rank(one), one) < (rank(other), other)
  }

  /// Whether chunks were executed as the checkpoint says: no delay, no ensembling.
  public var isPlainlyExecuted: Bool {
    (execution?.delay ?? 0) == 0 && execution?.ensembling == nil
  }
}
