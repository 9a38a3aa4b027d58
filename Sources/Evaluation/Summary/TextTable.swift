// A table for the terminal.

import PlanarPolicyInterface

/// Columns of text, the first left-aligned, the others right-aligned.
public struct TextTable: Sendable {
  /// The columns' names.
  public var header: [String]
  /// Cells by row; every row is as long as the header.
  public var rows: [[String]]

  /// A table, empty unless rows are given.
  public init(header: [String], rows: [[String]] = []) {
    self.header = header
    self.rows = rows
  }

  /// The table, every line ended, columns two spaces apart, a rule under the header.
  public var text: String {
    let widths = header.indices.map { column in
      ([header] + rows).map { column < $0.count ? displayWidth($0[column]) : 0 }.max()!
    }
    func line(_ cells: [String]) -> String {
      var line = ""
      for (column, width) in widths.enumerated() {
        let cell = column < cells.count ? cells[column] : ""
        let padding = String(repeating: " ", count: width - displayWidth(cell))
        line += column == 0 ? cell + padding : "  " + padding + cell
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n"
    return line(header) + rule + rows.map(line).joined()
  }
}

/// Terminal columns that a text fills: two for a wide (Korean, Chinese, Japanese, full-width) letter, none
/// for a combining mark.
func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { width, scalar in
    switch scalar.value {
    case 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f: width
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
      width + 2
    default: width + 1
    }
  }
}

extension EvaluationSummary {
  /// The figures as lines for the terminal: overall, then by condition.
  public var text: String {
    let swapped =
      command == "swapped"
      ? "\ngoal drawn with the scene reached as well or instead: \(percent(drawnGoalRate))" : ""
    let steps = meanStepsToSuccess.map { "\nsteps to success: \(fixed($0, 1)) on average" } ?? ""
    let metrics = (meanMetrics ?? [:]).sorted { $0.key < $1.key }.map {
      "\n\($0.key.replacing("_", with: " ")): \(fixed($0.value, 3)) on average"
    }.joined()
    let sampling = samplingSentence.map { "\nsampling: \($0)" } ?? ""
    let chunks = execution.map { "\nchunks: \($0.sentence)" } ?? ""
    var text =
      "\(policy) in \(environment) (\(randomization)): success \(rateText(success)), \(successes) of \(episodes) episodes\(checkpoint == nil ? "" : ", 1 training seed")\(steps)\(metrics)\(sampling)\(chunks)\(motion?.line ?? "")\(swapped)\n"
    for (attribute, rows) in byCondition.sorted(by: { $0.key < $1.key }) {
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
    if UnsaidCommand(rawValue: command) != nil {
      return "\(policy) reached the drawn goal, which nobody asked it for, in \(figures)\(seeds)."
    }
    return "\(policy) obeyed its command in \(figures)\(seeds)."
  }
}
