// An evaluation's figures as people read them.

import PlanarPolicyInterface

extension EvaluationSummary {
  /// The figures as lines for the terminal: overall, then by condition.
  public var text: String {
    let swapped =
      command == "swapped"
      ? "\ngoal drawn with the scene reached as well or instead: \(percent(drawnGoalRate))" : ""
    let steps = meanStepsToSuccess.map { "\nsteps to success: \(fixed($0, 1)) on average" } ?? ""
    let metrics = metricSentences.map { "\n" + $0 }.joined()
    let sampling = samplingSentence.map { "\nsampling: \($0)" } ?? ""
    let chunks = execution.map { "\nchunks: \($0.sentence)" } ?? ""
    var text =
      "\(policy) in \(environment) (\(randomization)): success \(rateText(success)), \(successes) of \(episodes) episodes\(checkpoint == nil ? "" : ", 1 training seed")\(steps)\(metrics)\(sampling)\(chunks)\(motion?.line ?? "")\(swapped)\n"
    for (attribute, rows) in conditions {
      var table = TextTable(header: [attribute, "episodes", "success", "95 % interval"])
      table.rows = rows.map {
        [
          $0.value, String($0.episodes), percent($0.successRate),
          "\(fixed(100 * $0.intervalLow, 1)) – \(fixed(100 * $0.intervalHigh, 1)) %",
        ]
      }
      text += "\n" + table.text
    }
    return text
  }

  /// How chunks were made otherwise than the checkpoint says, such as `sampling-steps 4, weights int8`; nil where they were
  /// not.
  package var samplingSentence: String? {
    var options = sampling ?? [:]
    options["sampling-steps"] = samplingSteps.map { "\($0)" }
    options["timestep-spacing"] = timestepSpacing
    guard !options.isEmpty else { return nil }
    return options.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
  }

  /// The answer in a sentence, with its interval.
  public var headline: String {
    let figures = "\(rateText(success)) of \(episodes) episodes in \(environment) (\(conditionName))"
    let seeds = checkpoint == nil ? "" : ", one training seed"
    if isUnsaid {
      return "\(policy) reached the drawn goal, which nobody asked it for, in \(figures)\(seeds)."
    }
    return "\(policy) obeyed its command in \(figures)\(seeds)."
  }

  /// What the task measured besides, one sentence each, without its end.
  package var metricSentences: [String] {
    (meanMetrics ?? [:]).sorted { $0.key < $1.key }.map {
      "\($0.key.replacing("_", with: " ")): \(fixed($0.value, 3)) on average"
    }
  }

  /// Whether nobody asked for the drawn goal.
  package var isUnsaid: Bool { UnsaidCommand(rawValue: command) != nil }
}
