// The simulated plane. A value: copying it forks the simulation.

import PlanarCore

/// A table seen from above with an arm, bodies that move because they are pushed, and walls; or, with in-plane
/// gravity, a scene seen from the side.
///
/// ```swift
/// var world = World(arm: arm, walls: walls)
/// let box = world.addBody(model, at: BodyState(position: Vec2(0.1, 0.3), angle: 0))
/// world.arm.target = angles
/// world.step()                 // one time step
/// var fork = world             // from here on the two go separate ways
/// world.fork(into: &fork)      // the same without allocating
/// ```
///
/// Bodies are named by index.
public struct World: Sendable {
  /// What does not change by stepping; shared by forks.
  var model: WorldModel
  /// Set its `target` to drive it; `Arm.none` in a world without one.
  public var arm: Arm
  /// One for each body. Set a state to put a body elsewhere; one that is put down at rest sleeps until something that
  /// moves comes near it, even where it overlaps another.
  public var states: [BodyState] = []
  /// How the table itself is accelerated, m/s²; set it anew for every step of a table that shakes.
  public var tableAcceleration = Vec2.zero
  /// A part of the table whose surface moves; nil where all of it stands still.
  public var strip: MovingStrip?
  /// Steps taken.
  public internal(set) var stepCount = 0
  var support: [SupportImpulse] = []
  /// Commands on their way to the motors, one for each step of the delay: the next to arrive at `stepCount` modulo the
  /// count. Empty without a delay, and before the first step.
  var commands: [SIMD4<Double>] = []
  /// One for each body where the settings let things sleep; else empty.
  var sleep: [SleepState] = []
  /// Length of the last substep, s.
  var lastSubstep = 0.0
  /// Contacts of the last substep, whose impulses start the next one, and room to work.
  var scratch = StepScratch(bodies: 0)

  /// A world without bodies; `addBody` adds them.
  public init(
    arm: Arm = .none, walls: [Wall] = [], settings: PhysicsSettings = PhysicsSettings()
  ) {
    model = WorldModel(settings: settings, walls: walls, bodies: [])
    self.arm = arm
  }

  /// What pulls at everything along the plane, seen from the table, m/s².
  @inline(__always)
  var inPlaneAcceleration: Vec2 { model.settings.inPlaneGravity - tableAcceleration }

  /// How the world is stepped.
  public var settings: PhysicsSettings { model.settings }
  /// Named by index, like bodies.
  public var walls: [Wall] { model.walls }
  /// What the bodies are made of, in the order of `states`.
  public var models: [BodyModel] { model.bodies }

  /// Adds a body and returns its index. All contacts forget their impulses: bodies are best added before
  /// the first step.
  @discardableResult
  public mutating func addBody(_ body: BodyModel, at state: BodyState) -> Int {
    model = model.adding(body)
    states.append(state)
    support.append(SupportImpulse())
    scratch = StepScratch(bodies: states.count)
    return states.count - 1
  }

  /// The pose of a body.
  public func pose(of body: Int) -> Pose {
    Pose(position: states[body].position, rotation: Rotation(angle: states[body].angle))
  }

  /// Advances by one time step.
  public mutating func step() {
    precondition(states.count == model.bodies.count, "bodies are added with addBody")
    if !scratch.isUnshared() { scratch = scratch.copied() }
    prepareSleep()
    receiveCommands()
    let parts = substepCount()
    let h = model.settings.timeStep / Double(parts)
    for _ in 0..<parts { substep(h) }
    stepCount += 1
  }

  /// Advances by `h` seconds: drive, find contacts, prepare, solve, move, and solve again for the speeds to go on with
  /// where something bounced or overlapped. README.md goes through it.
  private mutating func substep(_ h: Double) {
    lastSubstep = h
    arm.followCommands(h)
    let kinematics = ArmKinematics(arm, at: arm.q)
    scratch.drive = ArmDrive(arm, kinematics, gravity: inPlaneAcceleration, h: h)
    scratch.jawDrive = JawDrive(arm, h: h)
    findContacts(kinematics, h)
    prepareContacts(kinematics, h)
    findIslands()
    startMotions(everything, h)
    for i in scratch.islands.indices { solve(i, h) }
    scratch.mayJam = scratch.isDeep || scratch.islands[0].hasArm && isUnsettled(scratch.islands[0])
    cutSpeeds(everything)
    move(h)
    for i in scratch.islands.indices { relieve(i, h) }
    keepMotions()
    if scratch.mayJam { unjamIslands() }
    fallAsleep(h)
  }

  /// Finds the impulses of an island, once more each time that they bring a motor to its limit or off it.
  private mutating func solve(_ i: Int, _ h: Double) {
    if scratch.bodyCount > World.mostBodiesOfOneIsland, !scratch.islands[i].hasArm, strip == nil,
      scratch.islands[i].contacts.count >= World.leastWideContacts
    {
      packWide(i, h)
    }
    let island = scratch.islands[i]
    var pass = 1
    scratch.islands[i].unsettled = settle(island, h)
    while island.hasArm, pass < 4, clampedOtherMotors() {
      startMotions(island, h)
      scratch.islands[i].unsettled = settle(island, h)
      pass += 1
    }
  }

  /// Finds the velocities to go on with where those that were right for moving are not.
  private mutating func relieve(_ i: Int, _ h: Double) {
    let island = scratch.islands[i]
    var unsettled = island.unsettled
    let jammed = model.settings.restitutionThreshold
    let isUnsettled = isUnsettled(island)
    var forgets = false
    scratch.isRelieving = needsRelief(island) || isUnsettled
    if scratch.isRelieving {
      aimAtRelief(island, h)
      forgets = isUnsettled && !isConverging(island, h)
      if forgets { forgetImpulses(island, h) }
      unsettled = settle(island, h)
      if unsettled > jammed, !forgets, !isConverging(island, h) {
        forgetImpulses(island, h)
        unsettled = settle(island, h)
      }
      cutSpeeds(island)
    }
    if unsettled > 10 * model.settings.tolerance {
      cutEnergy(island, h)
    } else if scratch.isRelieving || island.hasArm && scratch.armIsTouched, !island.hasArm || !arm.isDriven {
      let restitution = restitution(of: island)
      cutEnergy(island, h, beyond: max(World.toleratedGain, restitution * restitution))
    }
    scratch.islands[i].unsettled = unsettled
    scratch.islands[i].isJammed = forgets
  }

  /// Whether sweeps have not found impulses that satisfy everything.
  private func isUnsettled(_ island: Island) -> Bool { island.unsettled > model.settings.restitutionThreshold }

  /// Whether contacts brought a motor to its limit or took it from there, so that the substep must be solved again.
  @inline(__always)
  private mutating func clampedOtherMotors() -> Bool {
    guard scratch.armIsTouched || arm.hasJointConstraints else { return false }
    let joints = scratch.drive.clampMotors(at: arm.velocity)
    let jaw = scratch.jawDrive.clampMotor(at: scratch.motions[scratch.jawSlot].x)
    return joints || jaw
  }
}
