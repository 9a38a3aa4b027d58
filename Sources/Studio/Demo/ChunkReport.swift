// One prediction, as a line of a log.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// What was predicted at one moment of a session.
public struct ChunkReport: Equatable, Sendable {
  /// Counts from 1.
  public var episode: Int
  /// Control steps taken in the episode before.
  public var step: Int
  /// The command that was read.
  public var command: String
  /// m
  public var tip: Vec2
  /// `[action]`
  public var firstAction: Action
  /// `[action]`
  public var lastAction: Action
  /// How long the chunk took.
  public var inference: Duration

  /// `episode 1  step   8  "push …"  tip (+0.012, 0.231) m  actions (+0.42, -0.10) … (+0.01, +0.00)  812 µs`
  public var line: String {
    let tip = String(format: "(%+.3f, %.3f) m", self.tip.x, self.tip.y)
    let stepText = String(format: "%3d", step)
    return
      "episode \(episode)  step \(stepText)  \"\(command)\"  tip \(tip)  actions \(text(firstAction)) … \(text(lastAction))  \(microseconds(inference)) µs"
  }

  private func text(_ action: Action) -> String {
    "(" + action.map { String(format: "%+.2f", $0) }.joined(separator: ", ") + ")"
  }
}

/// A duration in whole microseconds.
func microseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
}
