// Progress on the terminal: a bar with the time left, or now and then a line where there is no terminal.

import Foundation
import PlanarCore
import Synchronization

/// Draws one bar per stage on standard error, so that standard output stays for results.
final class ConsoleProgress: ProgressReporter {
  private struct State {
    var stage = ""
    var began = Date()
    var lastDrawn = Date.distantPast
    var open = false
  }

  private let state = Mutex(State())
  private let isTerminal = isatty(2) == 1

  func report(stage: String, done: Int, total: Int, note: String) {
    state.withLock { state in
      let now = Date()
      if stage != state.stage {
        if state.open { write("\n") }
        state = State(stage: stage, began: now)
      }
      let finished = done >= total
      guard finished || now.timeIntervalSince(state.lastDrawn) > (isTerminal ? 0.1 : 15) else { return }
      if finished && !state.open && !isTerminal && now.timeIntervalSince(state.began) < 2 {
        state.stage = ""
        return
      }
      state.lastDrawn = now
      let elapsed = now.timeIntervalSince(state.began)
      let left = done > 0 ? elapsed / Double(done) * Double(total - done) : 0
      let time = finished ? "in \(clock(elapsed))" : done > 0 && elapsed >= 1 ? "\(clock(left)) left" : "…"
      let tail = note.isEmpty ? "" : "  \(note)"
      if isTerminal {
        let width = 24
        let filled = total > 0 ? min(width, done * width / total) : width
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
        write("\r\u{1B}[K\(stage)  \(bar)  \(done)/\(total)  \(time)\(tail)")
        state.open = !finished
        if finished { write("\n") }
      } else {
        write("\(stage)  \(done)/\(total)  \(time)\(tail)\n")
        state.open = false
      }
      if finished { state.stage = "" }
    }
  }

  private func write(_ text: String) { StandardStreams.tell(text) }

  private func clock(_ seconds: Double) -> String {
    let s = Int(seconds.rounded())
    return s < 60 ? "\(s) s" : "\(s / 60) min \(s % 60) s"
  }
}
