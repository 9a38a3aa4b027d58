// How chunks were executed and how smoothly that went, as people read it.

import PlanarRollouts

extension ChunkExecution {
  /// Such as `8 steps executed of each, answers 4 control steps late, naive switching`.
  package var sentence: String {
    var parts: [String] = []
    if let ensembling {
      parts.append("temporal ensembling, m = \(ensembling)")
    } else if let horizon {
      parts.append("\(horizon) step\(horizon == 1 ? "" : "s") executed of each")
    }
    if delay > 0 { parts.append("answers \(delay) control step\(delay == 1 ? "" : "s") late") }
    if delay > 0 || switching == .realTime {
      switch switching {
      case .wait: parts.append("the arm waits")
      case .naive: parts.append("naive switching")
      case .realTime: parts.append("real-time chunking")
      }
    }
    return parts.joined(separator: ", ")
  }
}

extension MotionMetrics {
  /// A line for the terminal, on a new line; empty where nothing was measured.
  var line: String {
    var parts: [String] = []
    if let boundaryJump, let greatestBoundaryJump {
      parts.append(
        "jump between chunks \(fixed(boundaryJump, 3)), the greatest of an episode \(fixed(greatestBoundaryJump, 3))")
    }
    if let actionChange { parts.append("change of action \(fixed(actionChange, 3))") }
    if let actionSecondDifference {
      parts.append("second difference \(fixed(actionSecondDifference, 3))")
    }
    return parts.isEmpty ? "" : "\nmotion, on average: " + parts.joined(separator: "; ")
  }
}
