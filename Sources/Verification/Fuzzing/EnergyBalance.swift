// That nothing gains energy by itself: the balance of one step, as an inequality that the discrete motion must keep.

import PlanarCore
import PlanarPhysics

/// The balance of kinetic energy and gravity's work over one step of a scene without motors and kinematic bodies.
///
/// One substep solves M·(v₁ − v₀) = h·(f − c − g) − h·D·v₁ + Jᵀ·λ with f the weight of bodies, c and g the arm's
/// Coriolis and weight torques, D its damping and λ the impulses of contacts, limits and friction. Multiplied by v₁,
///
///     ½·v₁ᵀ·M·v₁ − ½·v₀ᵀ·M·v₀ = h·v₁ᵀ·(f − c − g) − h·v₁ᵀ·D·v₁ + λᵀ·J·v₁ − ½·|v₁ − v₀|²_M
///
/// and, where nothing bounces, λᵀ·J·v₁ ≤ 0: a normal impulse acts at relative speed 0 or less, friction against the
/// sliding. So kinetic energy, with the mass matrix of the step's beginning, rises by no more than h·v₁ᵀ·(f − c − g).
/// Undoing an overlap moves bodies but must leave them no speed. All terms can be had from outside the solver.
///
/// A step that is cut into parts is balanced only in scenes of bodies: there the root of the energy grows by at most
/// h·√(Σ ½·m)·|gravity| in any number of parts.
struct EnergyBalance {
  private let h: Double
  private let gravity: Vec2
  private let isCut: Bool
  private let dynamics: ArmDynamics?
  private let jawMass: Double
  private let before: Double
  /// Σ m of everything that moves, kg.
  private let mass: Double
  private let correctionSpeed: Double

  /// Notes what the balance needs of a world that is about to take a step.
  ///
  /// - Parameter linkMass: of the arm's links together, kg.
  init(_ world: World, linkMass: Double) {
    let settings = world.settings
    h = settings.timeStep
    gravity = settings.inPlaneGravity
    isCut = settings.maximumSubsteps > 1 || settings.substeps > 1
    let arm = world.arm
    correctionSpeed = settings.maximumCorrectionSpeed
    dynamics = arm.jointCount > 0 ? arm.dynamics(arm.kinematics, gravity: gravity) : nil
    jawMass = arm.gripper.map { $0.fingerMass / 2 } ?? 0
    mass = world.models.reduce(0) { $0 + $1.mass } + linkMass
    before = EnergyBalance.kinetic(world, mass: dynamics?.mass, jawMass: jawMass)
  }

  /// Kinetic energy of bodies, arm (with the mass matrix given) and jaw, J.
  private static func kinetic(_ world: World, mass: JointMatrix?, jawMass: Double) -> Double {
    var energy = jawMass * world.arm.jaw.velocity * world.arm.jaw.velocity / 2
    if let mass { energy += (world.arm.velocity * mass.times(world.arm.velocity)).sum() / 2 }
    for (model, state) in zip(world.models, world.states) {
      energy += model.mass * state.velocity.lengthSquared / 2 + model.inertia * state.spin * state.spin / 2
    }
    return energy
  }

  /// The kinetic energy that everything has at the greatest speed that overlaps are undone at, J.
  var ofCorrection: Double { mass * correctionSpeed * correctionSpeed / 2 }

  /// The kinetic energy that the step added beyond gravity's work, and the most that it can have without contacts, J.
  func excess(_ world: World) -> (gain: Double, free: Double) {
    let after = EnergyBalance.kinetic(world, mass: dynamics?.mass, jawMass: jawMass)
    let fall = gravity.length * h
    let root = before.squareRoot() + fall * (mass / 2).squareRoot()
    let free = root * root
    guard !isCut else { return (after - free, free) }
    var work = 0.0
    for (model, state) in zip(world.models, world.states) {
      work += h * model.mass * gravity.dot(state.velocity)
    }
    if let dynamics {
      work -= h * ((dynamics.coriolis + dynamics.gravity) * world.arm.velocity).sum()
    }
    return (after - before - work, free)
  }
}
