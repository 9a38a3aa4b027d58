// From command to motor: delay, then first-order lag.

import PlanarCore

extension World {
  /// Passes the arm's command through the delay line, if there is one.
  mutating func receiveCommands() {
    guard arm.commandDelay > 0 else {
      arm.delivered = arm.target
      return
    }
    if commands.count != arm.commandDelay {
      // Another arm, or the first step. Until the first command arrives, the motors hold what they were at.
      commands = Array(repeating: arm.activation, count: arm.commandDelay)
    }
    let slot = stepCount % arm.commandDelay
    arm.delivered = commands[slot]
    commands[slot] = arm.target
  }
}

extension Arm {
  /// Moves the activation towards the delivered command over `h` seconds: dx/dt = (u − x)/timeConstant has the
  /// solution u + (x₀ − u)·e^(−t/timeConstant). The motors act on its mean over the time.
  mutating func followCommands(_ h: Double) {
    guard motors.hasLag else {
      activation = delivered
      meanActivation = delivered
      return
    }
    for i in 0..<jointCount {
      let lag = motors.timeConstant[i] / h
      let kept = lag > 0 ? decayFactor(1 / lag) : 0
      let behind = activation[i] - delivered[i]
      meanActivation[i] = delivered[i] + behind * (1 - kept) * lag
      activation[i] = delivered[i] + behind * kept
    }
  }
}
