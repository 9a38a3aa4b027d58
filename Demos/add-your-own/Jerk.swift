// A factor of domain randomization: the robot is given a jerk as an episode begins.

import Planar

/// How fast each joint turns at first, either way.
let jerk = RandomizationFactor(
  "jerk", .spread, .ratio, 0...1, "farthest that joints are already moving as an episode begins, rad/s either way",
  .world { world, draw in
    for joint in 0..<world.arm.jointCount { world.arm.velocity[joint] = draw.value(of: joint) }
  })
