// The knobs of the solver.

/// How a `World` is stepped.
public struct PhysicsSettings: Hashable, Codable, Sendable {
  /// Seconds per step.
  public var timeStep = 0.005
  /// Sweeps over contacts and support friction per step.
  public var iterations = 8
  /// Sweeps after the positions moved, which take back the speed that pushed overlaps apart.
  public var relaxIterations = 2
  /// Weight per mass on the table, m/s².
  public var gravity = 9.81
  /// Overlap that is left alone, m.
  public var slop = 0.0002
  /// Share of the remaining overlap undone per step.
  public var correction = 0.2
  /// Fastest way apart, m/s.
  public var maximumCorrectionSpeed = 1.0
  /// Gap at which contacts are prepared, m: a body can only close it, not jump it, within a step.
  public var speculativeMargin = 0.01

  public init() {}
}
