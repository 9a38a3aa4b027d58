// From command to motor: delay, then first-order lag.

import PlanarCore

extension World {
  /// Passes the arm's command through the delay line, if there is one.
  mutating func receiveCommands() {
    guard arm.commandDelay > 0 else {
      arm.delivered = arm.target
      return
    }
    if commands.isEmpty {
      // Until the first command arrives, the motors hold what they were at.
      commands = Array(repeating: arm.activation, count: arm.commandDelay)
    }
    let slot = stepCount % arm.commandDelay
    arm.delivered = commands[slot]
    commands[slot] = arm.target
  }
}

extension Arm {
  /// Moves the activation towards the delivered command: dx/dt = (u − x)/timeConstant, solved exactly over `h` seconds.
  mutating func followCommands(_ h: Double) {
    guard motors.hasLag else {
      activation = delivered
      return
    }
    for i in 0..<jointCount {
      let timeConstant = motors.timeConstant[i]
      let kept = timeConstant > 0 ? decayFactor(h / timeConstant) : 0
      activation[i] = delivered[i] + (activation[i] - delivered[i]) * kept
    }
  }
}
