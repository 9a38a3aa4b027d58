// The simulated plane. A value: copying it forks the simulation.

import PlanarCore

/// A table seen from above with one arm, bodies that move only because they are pushed, and walls.
///
/// ```swift
/// var world = World(arm: arm)
/// let box = world.addBody(model, at: BodyState(position: Vec2(0.1, 0.3), angle: 0))
/// world.arm.target = angles
/// world.step()                 // one time step
/// var fork = world             // from here on the two go separate ways
/// ```
///
/// Bodies are named by index. Not for stacks under in-plane gravity: there is only the weight that
/// presses bodies on the table.
public struct World: Sendable {
  public let settings: PhysicsSettings
  public var arm: Arm
  public private(set) var walls: [Wall]
  public private(set) var models: [BodyModel] = []
  /// Set a state to put a body elsewhere.
  public var states: [BodyState] = []
  var support: [SupportFriction] = []
  /// Contacts of the present step and of the one before, for starting from its impulses.
  var contacts: [Contact] = []
  var previousContacts: [Contact] = []
  /// Steps taken.
  public private(set) var stepCount = 0

  public init(arm: Arm, walls: [Wall] = [], settings: PhysicsSettings = PhysicsSettings()) {
    self.arm = arm
    self.walls = walls
    self.settings = settings
    contacts.reserveCapacity(32)
    previousContacts.reserveCapacity(32)
  }

  /// Adds a body and returns its index.
  @discardableResult
  public mutating func addBody(_ model: BodyModel, at state: BodyState) -> Int {
    models.append(model)
    states.append(state)
    support.append(SupportFriction(model, h: settings.timeStep, gravity: settings.gravity))
    return models.count - 1
  }

  /// The pose of a body.
  public func pose(of body: Int) -> Pose {
    Pose(position: states[body].position, rotation: Rotation(angle: states[body].angle))
  }

  /// Advances by one time step.
  public mutating func step() {
    let kinematics = arm.kinematics
    let armStep = ArmStep(arm, kinematics, h: settings.timeStep)
    findContacts(kinematics)
    prepareContacts(kinematics, armStep)
    arm.velocity = armStep.freeVelocity
    startFromLastImpulses()
    for _ in 0..<settings.iterations {
      solveSupportFriction()
      solveContacts(correctingOverlap: true)
    }
    integratePositions()
    for _ in 0..<settings.relaxIterations { solveContacts(correctingOverlap: false) }
    stepCount += 1
  }

  private mutating func integratePositions() {
    let h = settings.timeStep
    arm.q += h * arm.velocity
    for i in states.indices {
      states[i].position += h * states[i].velocity
      states[i].angle += h * states[i].spin
    }
  }

  /// A hash of everything that the future depends on, equal on every machine for equal histories.
  public var stateHash: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ value: Double) { hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3 }
    for i in 0..<arm.jointCount {
      mix(arm.q[i])
      mix(arm.velocity[i])
      mix(arm.target[i])
    }
    for (state, support) in zip(states, support) {
      mix(state.position.x)
      mix(state.position.y)
      mix(state.angle)
      mix(state.velocity.x)
      mix(state.velocity.y)
      mix(state.spin)
      mix(support.impulse.x)
      mix(support.impulse.y)
      mix(support.scaledTorque)
    }
    for contact in contacts {
      mix(contact.normalImpulse)
      mix(contact.tangentImpulse)
    }
    return hash
  }
}
