// The idea: an environment is a value with reset and step; any code that answers with actions can drive it.
// Here a few hand-written rules walk round the named object until it lies between tip and zone, then push.
// They see the true state and know nothing of the other objects, so now and then one is in the way.
//
//   swift run -c release drive-by-hand

import Planar

/// Two numbers in [−1, 1]: which way, and how fast, the arm's tip should move.
func handWrittenAction(in world: ArmEnvironment) -> Action {
  guard let index = world.goalObject, let zone = world.goalZone?.center else { return [0, 0] }
  let object = world.physics.states[index].position
  let offset = world.commandedTip - object
  let distance = (zone - object).length
  let route = (zone - object).normalized()
  let sideways = route.cross(offset)

  let move: Vec2
  if distance < 0.03 {
    // There: step back, and wait until the object has come to rest.
    move = offset.length < 0.07 ? offset.normalized() * 0.4 : .zero
  } else if offset.dot(route) < 0, abs(sideways) < 0.02 {
    // Behind the object: push it along the route, and steer by sliding sideways.
    move = route * min(0.55, 0.2 + 8 * distance) - route.perpendicular * (20 * sideways)
  } else {
    // Walk round it at a distance of 7 cm, the shorter way.
    let around = offset.normalized().perpendicular * (sideways > 0 ? 1 : -1)
    move = around * 0.8 + offset.normalized() * (20 * (0.07 - offset.length))
  }
  let action = move.clamped(toLength: 1)
  return [Float(action.x), Float(action.y)]
}

var world = try ArmEnvironment(randomization: "none")
let seeds: Range<UInt64> = 0..<10
var successes = 0
for seed in seeds {
  _ = try world.reset(seed: seed, command: .drawn)
  var steps = 0
  var transition: Transition
  repeat {
    transition = world.step(handWrittenAction(in: world))
    steps += 1
  } while !transition.terminated && !transition.truncated
  successes += transition.succeeded ? 1 : 0
  print("scene \(seed)  \"\(world.info.command)\": \(transition.succeeded ? "done" : "not done") after \(steps) steps")
}
print("\(successes) of \(seeds.count) commands obeyed")
