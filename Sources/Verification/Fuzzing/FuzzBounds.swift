// The bounds that every step must keep, and why they are what they are.

import PlanarCore
import PlanarPhysics

/// Bounds on what discrete time and a limited number of sweeps may do.
enum FuzzBounds {
  /// Numbers beyond it (m, rad, m/s, rad/s) mean nothing here: speeds are cut to 50 m/s, parts are 3 mm or more.
  static let largestNumber = 1e6

  /// How far a body's centre may get behind a wall beyond its own half thickness, m: the gap at which contacts are
  /// looked for. In one substep a body that is struck moves no farther than the two together, from before the wall.
  static let centerBehindWall = PhysicsSettings().speculativeMargin

  /// Deepest overlap in a scene at rest, m: the overlap that is left alone (0.2 mm) and some more for what gravity and
  /// motors press together in a step.
  static let restingOverlap = 0.001

  /// The same in heaps and crowds of many bodies, m: these have less to press them together.
  static let restingOverlapOfCrowds = 0.0005

  /// Speed below which a body of many counts as resting, m/s: impulses that are found over several substeps leave a
  /// heap a shiver of micrometres.
  static let restingSpeedOfCrowds = 0.01

  /// Speed below which a part counts as resting, m/s, and for how many steps.
  static let restingSpeed = 0.001
  static let restingSteps = 200

  /// The sum of all that a scene without motors gains in its steps (`EnergyBalance`), as a share of the scale below.
  ///
  /// Were the sweeps exact, there would be no gain at all. They end when a sweep changes no speed by more than the
  /// tolerance, or when there have been enough; impulses then act at speeds that are still wrong, on both sides of
  /// right, and a twentieth is what this may come to over a whole scene.
  static let gain = 0.05

  /// The same where things bounce. Newton's restitution with friction, or at several contacts at once, can itself add
  /// energy (Kane & Levinson 1985). With Δ the change of velocity, λ·J·v₁ ≤ e·|λ·J·v₀| ≤ e·|Δ|·|v₀| where all contacts
  /// bounce, so that the balance's gain e·|Δ|·|v₀| − ½·|Δ|² is at most e² times the energy before, in every such step.
  static func bouncingGain(restitution: Double) -> Double { restitution * restitution + gain }
}
