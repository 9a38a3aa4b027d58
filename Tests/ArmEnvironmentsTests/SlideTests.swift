// What a user relies on in `slide`: friction decides, no frame before a strike tells it, and earlier slides do.

import PlanarArmEnvironments
import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import Testing

private func slide(_ level: String, rung: Int = 1, friction: Double? = nil) throws -> ArmEnvironment {
  var settings = EnvironmentSettings(randomization: level)
  settings.rung = rung
  if let friction { settings.pins["support_friction"] = friction }
  return try ArmEnvironment(named: "slide", settings: settings)
}

@Test(arguments: ["none", "train", "wide", "real"]) func theSlideExpertHitsWithTheLastPuck(level: String) throws {
  let results = try trials(slide(level), count: 100)
  #expect(results.filter(\.succeeded).count >= 97)
  #expect(results.allSatisfy { $0.metrics["fouls"] == 0 && $0.terminated })
}

@Test(arguments: [2, 3, 4]) func theSlideExpertHitsSmallerZones(rung: Int) throws {
  #expect(try trials(slide("wide", rung: rung), count: 100).filter(\.succeeded).count >= 97)
}

@Test func theFirstStrikeIsAGuessWhereFrictionVaries() throws {
  let known = try trials(slide("none"), count: 60)
  #expect(known.filter { $0.metrics["first_hit"] == 1 }.count >= 58)
  let guessed = try trials(slide("wide"), count: 60)
  #expect(guessed.filter { $0.metrics["first_hit"] == 1 }.count <= 30)
}

@Test func noFrameBeforeAStrikeTellsTheFriction() throws {
  // Two frictions, the same actions: frames are alike to a hair until the tip touches the puck, and differ when it slides.
  var slippery = try slide("none", friction: 0.5)
  var rough = try slide("none", friction: 2.6)
  for seed in 0..<10 as Range<UInt64> {
    #expect(try slippery.reset(seed: seed, command: .drawn) == rough.reset(seed: seed, command: .drawn))
    var expert = try #require(slippery.scriptedExpert)
    expert.beginEpisode(seed: seed)
    var differs = false
    for _ in 0..<25 {
      let action = expert.action(in: slippery)
      let a = slippery.step(action).observation
      let b = rough.step(action).observation
      let start = slippery.scene.objects[0].start.position
      if (slippery.physics.states[0].position - start).length < 1e-9 { #expect(a == b) }
      differs = differs || a != b
    }
    #expect(differs)
  }
}

@Test func theNextPuckTellsNothingOfTheLastOne() throws {
  // When the next strike is due, the puck lies where the first one did.
  var environment = try slide("wide")
  for seed in 0..<10 as Range<UInt64> {
    _ = try environment.reset(seed: seed, command: .drawn)
    let start = environment.physics.states[0]
    var expert = try #require(environment.scriptedExpert)
    expert.beginEpisode(seed: seed)
    var stepsInTray = 0
    var laid = false
    for _ in 0..<80 {
      _ = environment.step(expert.action(in: environment))
      let round = try #require(environment.memory(as: SlideTask.Round.self))
      if round.stepsInTray != nil {
        stepsInTray += 1
        let tray = try #require(environment.specification.task as? SlideTask).tray
        #expect((environment.physics.states[0].position - tray).length < 1e-9)
      } else if round.played == 1 {
        #expect(environment.physics.states[0].position == start.position)
        laid = true
        break
      }
    }
    #expect(laid && stepsInTray >= 10)
  }
}

@Test func frictionDecidesHowFarTheSameStrikeCarries() throws {
  var stops: [Double] = []
  for friction in [0.5, 1.0, 2.0] {
    var environment = try slide("none", friction: friction)
    _ = try environment.reset(seed: 1, command: .text("slide the puck to the far zone"))
    // A strike straight on, and back.
    for _ in 0..<3 { _ = environment.step(environment.action(leadingTo: Vec2(0, 0.08))) }
    for _ in 0..<2 { _ = environment.step(environment.action(moving: Vec2(0, 0.9))) }
    var stop = 0.0
    for _ in 0..<30 where environment.memory(as: SlideTask.Round.self)?.stepsInTray == nil {
      stop = environment.physics.states[0].position.y
      _ = environment.step(environment.action(leadingTo: Vec2(0, 0.08)))
    }
    stops.append(stop)
  }
  #expect(stops[0] > stops[1] + 0.05 && stops[1] > stops[2] + 0.02)
}

@Test func aPuckThatIsPushedOverTheLineByTheTipDoesNotCount() throws {
  var environment = try slide("none")
  _ = try environment.reset(seed: 1, command: .text("slide the puck to the near zone"))
  // Pushed slowly all the way into the zone, which lies beyond the line.
  for _ in 0..<60 where environment.memory(as: SlideTask.Round.self)?.played == 0 {
    let puck = environment.physics.states[0].position
    let y = puck.y < 0.44 ? environment.commandedTip.y + 0.012 : environment.commandedTip.y
    _ = environment.step(environment.action(leadingTo: Vec2(puck.x, y)))
  }
  let round = try #require(environment.memory(as: SlideTask.Round.self))
  #expect(round.played == 1 && round.fouls == 1 && round.hits == 0)
}

@Test func aForkOfASlideGoesOnAlike() throws {
  var environment = try slide("train")
  _ = try environment.reset(seed: 2, command: .drawn)
  var other = environment
  _ = try other.reset(seed: 3, command: .drawn)
  var expert = try #require(environment.scriptedExpert)
  expert.beginEpisode(seed: 0)
  for _ in 0..<30 { _ = environment.step(expert.action(in: environment)) }
  environment.fork(into: &other)
  for _ in 0..<40 {
    let action = expert.action(in: environment)
    #expect(other.advance(action) == environment.advance(action))
    #expect(other.physics.states[0] == environment.physics.states[0])
    #expect(other.memory(as: SlideTask.Round.self) == environment.memory(as: SlideTask.Round.self))
  }
}

@Test func theSlideExpertLabelsStatesAfterPushes() throws {
  // Random moves first, some of which knock the puck away: what counts is the last puck.
  #expect(try trials(slide("train"), count: 100, shoves: 3).filter(\.succeeded).count >= 95)
}
