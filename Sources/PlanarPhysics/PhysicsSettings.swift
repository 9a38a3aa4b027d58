// The knobs of the solver.

import PlanarCore

/// How a `World` is stepped. The defaults are what `push` uses and what the verification holds.
public struct PhysicsSettings: Hashable, Codable, Sendable {
  /// Seconds per step.
  public var timeStep = 0.005
  /// Parts that every step is cut into, each with its own contacts; fast motion cuts it into more by itself.
  public var substeps = 1
  /// Most parts that fast motion can cut a step into.
  public var maximumSubsteps = 32
  /// Most sweeps over contacts and friction each time that a substep is solved (once, unless contacts bring motors to
  /// their limits or there is something to relieve); sweeping ends earlier once it has settled.
  public var iterations = 12
  /// Change of velocity that all further sweeps together are estimated not to pass, m/s: then it has settled.
  public var tolerance = 1e-3
  /// Acceleration that presses bodies on the table, m/s².
  public var tableGravity = 9.81
  /// Acceleration within the plane (a tilted table, or a scene that is seen from the side), m/s².
  public var inPlaneGravity = Vec2.zero
  /// Overlap that is left alone, m.
  public var slop = 0.0002
  /// Share of the remaining overlap undone per substep.
  public var correction = 0.2
  /// Fastest way apart, m/s, and back from a joint's limit, rad/s.
  public var maximumCorrectionSpeed = 1.0
  /// Gap at which contacts are prepared whatever the speed, m: a gap can be closed within a step, not jumped.
  public var speculativeMargin = 0.002
  /// Approach below which nothing bounces, m/s. A last sweep that still changes a speed by more tells of a jam.
  public var restitutionThreshold = 0.1
  /// Speeds of bodies, of their rims, of the arm's tip and of the jaw are cut to this, m/s: beyond every motor here,
  /// and what the guarantee against tunnelling covers.
  public var maximumSpeed = 50.0
  /// Seconds that all of an island must have been slower than 10 mm/s to fall asleep, under gravity too; nil: only what
  /// friction brings to exact rest sleeps, and results do not depend on how long something rests. What sleeps costs next to
  /// nothing. It wakes when the arm or a moving body comes to it, when its state is set, and when the table's
  /// acceleration changes.
  public var sleepDelay: Double?

  /// The defaults.
  public init() {}
}
