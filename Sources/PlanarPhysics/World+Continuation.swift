// A world that goes on in another one's place, made of other stuff.

extension World {
  /// Goes on from where another world with as many bodies and joints has come: positions and speeds, the motors' targets
  /// and what has come through to them. What this world is made of (masses, friction, motors, delays) stays; contacts
  /// begin without impulses, and commands under way only arrive where the delay is the same.
  ///
  /// Programmer error where the numbers differ.
  package mutating func takeState(of other: World) {
    precondition(
      states.count == other.states.count && arm.jointCount == other.arm.jointCount,
      "a world goes on in one with as many bodies and joints")
    states = other.states
    tableAcceleration = other.tableAcceleration
    stepCount = other.stepCount
    arm.takeState(of: other.arm)
    commands = arm.commandDelay == other.arm.commandDelay ? other.commands : []
  }
}

extension Arm {
  fileprivate mutating func takeState(of other: Arm) {
    q = other.q
    velocity = other.velocity
    target = other.target
    activation = other.activation
    jaw = other.jaw
    delivered = other.delivered
    meanActivation = other.meanActivation
  }
}
