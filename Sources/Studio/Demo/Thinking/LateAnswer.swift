// An answer that comes after its question, as a delay makes it: what goes on meanwhile, and how the new chunk takes over.

import PlanarCore

/// A question that is answered later than it was asked.
///
/// ```
///   asked ──── the old chunk goes on ────┬─ ─ ─ given up ─ ─ ─
///     └ ─ ─ the answer as planned ─ ─ ─  └──── the new chunk: the jump is between the two
/// ```
public struct LateAnswer: Equatable, Sendable {
  /// The commanded tip when the policy was asked, m.
  public var asked: Vec2
  /// The commanded tip under what was left of the old chunk then, m; that place alone where the arm waits.
  public var oldPath: [Vec2]
  /// The commanded tip under the answer as it was planned, from where the policy was asked, m.
  public var plannedPath: [Vec2]
  /// Control steps until the answer takes over; 0 once it has.
  public var stepsLeft: Int
  /// The commanded tip under what the new chunk cut off of the old one, m; empty before, and where nothing was cut off.
  public var givenUp: [Vec2] = []
  /// How far the first action of the new chunk lies from the one that the old chunk would have gone on with, in
  /// normalised action units; nil before.
  public var jump: Double?
}
