// The command that records a dataset again.

extension DatasetInfo {
  /// The command line that records such episodes again, as far as the dataset tells how they were recorded.
  ///
  /// - Parameter output: the folder to record into.
  public func recordingCommand(output: String) -> String {
    var words = ["planar record --environment \(environment) --randomization \(randomization)"]
    for (option, value) in variation.sorted(by: { $0.key < $1.key }) {
      switch option {
      case "touch": if value == "true" { words.append("--touch") }
      case "image": words.append("--image \(value.prefix { $0 != "x" })")
      case _ where option.hasPrefix("set."): words.append("--set \(option.dropFirst(4))=\(value)")
      default: words.append("--\(option) \(value)")
      }
    }
    switch provenance["source"] {
    case "planner": words.append("--from planner")
    case "teleop", "teleoperation": words.append("--from teleop")
    default: break
    }
    let options = [
      ("action_noise", "action-noise"), ("push_probability", "push-probability"),
      ("shove_probability", "shove-probability"), ("label_stride", "label-stride"), ("first_seed", "seed"),
    ]
    for (fact, option) in options {
      if let value = provenance[fact] { words.append("--\(option) \(value)") }
    }
    if episodeCount > 0 { words.append("--episodes \(episodeCount)") }
    let isPlain = !output.contains { $0.isWhitespace || "'\"\\$&;()*?".contains($0) }
    words.append("--output \(isPlain ? output : "'\(output.replacing("'", with: "'\\''"))'")")
    return words.joined(separator: " ")
  }

  /// Who drove all episodes, as frames of version 2 say it; nil where the dataset does not tell, or several did.
  var onlyDriver: String? {
    let appended = provenance.filter { $0.key.hasPrefix("appended_") }.values
    guard !appended.contains(where: { $0.contains("source ") }) else { return nil }
    return switch provenance["source"] {
    case "expert": "expert"
    case "planner": "planner"
    case "teleop", "teleoperation": "teleop"
    default: nil
    }
  }
}
