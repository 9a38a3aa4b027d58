// A hand that turns things, moves goals, and leads the tip.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct HandTests {
  @Test func theRightButtonTurnsAThing() throws {
    var controls = DemoControls(session: try makeSession(firstSeed: 41))
    let middle = controls.session.world.position(ofBody: 1)
    let angle = controls.session.world.angle(ofBody: 1)
    controls.handle(.mousePressed(middle + Vec2(0.01, 0), .right))
    controls.handle(.mouseMoved(middle + Vec2(0, 0.2)))
    for _ in 0..<12 { _ = controls.advance() }
    let turned = controls.session.world.angle(ofBody: 1) - angle
    #expect(abs(remainder(turned - .pi / 2, 2 * .pi)) < 0.1)
    #expect((controls.session.world.position(ofBody: 1) - middle).length < 0.01)
    controls.handle(.mouseReleased(middle, .right))
    #expect(controls.session.handReach == nil)
    while controls.session.status == .running { _ = controls.advance() }
    #expect(controls.session.pilotStatistics.attempts == 0)
  }

  /// What is in the old place is there no more, and in the new place it is.
  @Test func aGoalIsMoved() throws {
    var controls = DemoControls(session: try makeSession())
    let zone = try #require(controls.session.world.scene.zones.first)
    let place = zone.center + Vec2(zone.center.x > 0 ? -0.05 : 0.05, 0.05)
    let grip = zone.center + Vec2(0, zone.radius * 0.9)
    try #require(controls.session.world.bodies(at: grip).isEmpty && (grip - controls.session.world.tip).length > 0.05)
    _ = controls.advance()
    controls.handle(.mousePressed(grip, .left))
    controls.handle(.mouseMoved(grip + (place - zone.center)))
    controls.handle(.mouseReleased(grip, .left))
    #expect((controls.session.world.scene.zones[0].center - place).length < 1e-9)
    // Kept on the table, in what comes, and where a factor is set; not in the past, and not in the next scene.
    controls.handle(.mousePressed(place, .left))
    controls.handle(.mouseMoved(Vec2(5, 5)))
    controls.handle(.mouseReleased(Vec2(5, 5), .left))
    let table = controls.session.world.drawList.bounds
    let end = controls.session.world.scene.zones[0].center
    #expect(end.x + zone.radius <= table.max.x + 1e-9 && end.y + zone.radius <= table.max.y + 1e-9)
    controls.handle(.slid("mass", 1))
    for _ in 0..<3 { _ = controls.advance() }
    #expect(controls.session.world.scene.zones[0].center == end && controls.session.step == 4)
    controls.handle(.scrubbed(0))
    #expect(controls.session.world.scene.zones[0].center == zone.center)
    controls.handle(.key(.letter("n"), .control))
    #expect(controls.session.world.scene.zones[0].center == zone.center)
  }

  /// The expert, who sees where the zone is, brings the object to the new place.
  @Test func theExpertGoesWhereTheGoalIsNow() throws {
    var controls = DemoControls(session: try makeSession())
    let world = controls.session.world
    let goal = try #require(
      world.scene.zones.firstIndex { zone in world.goalZone.map { $0.name == zone.name } == true })
    let zone = world.scene.zones[goal]
    let grip = try #require(
      (0..<12).lazy.map { zone.center + Vec2(cos(Double($0)), sin(Double($0))) * (0.8 * zone.radius) }.first {
        world.bodies(at: $0).isEmpty && ($0 - world.tip).length > 0.05
      })
    controls.handle(.mousePressed(grip, .left))
    try #require(controls.session.handReach != nil)
    // From the first step on it is another task.
    defer { #expect(controls.session.pilotStatistics.attempts == 0) }
    let place = Vec2(0, 0.12) + (grip - zone.center)
    controls.handle(.mouseMoved(place))
    controls.handle(.mouseReleased(place, .left))
    while controls.session.status == .running { _ = controls.advance() }
    #expect(controls.session.status == .succeeded)
    let object = try #require(controls.session.world.goalObject)
    #expect((controls.session.world.position(ofBody: object) - Vec2(0, 0.12)).length < zone.radius)
  }

  /// After a hand the driver is asked anew, also where time was turned back meanwhile.
  @Test func whatWasPlannedBeforeAHandIsNotGoneOnWith() throws {
    var controls = DemoControls(session: try makeSession())
    controls.handle(.key(.digit(2), []))
    for _ in 0..<6 { _ = controls.advance() }
    let tip = controls.session.world.tip
    controls.handle(.mousePressed(tip, .left))
    for _ in 0..<10 { _ = controls.advance() }
    controls.handle(.scrubbed(12))
    #expect(!controls.session.isLedByHand)
    controls.handle(.key(.space, []))
    _ = controls.advance()
    #expect(controls.session.questionSteps.last == 12 && controls.session.step == 13)
  }

  /// A click that leads nowhere changes nothing.
  @Test func aClickOnTheTipLeavesTimeAsItWas() throws {
    var controls = DemoControls(session: try makeSession(), view: DemoView(isPaused: true))
    let tip = controls.session.world.tip
    controls.handle(.mousePressed(tip, .left))
    controls.handle(.mouseReleased(tip, .left))
    #expect(controls.isPaused && controls.message == nil)
  }

  @Test func theTIsTurned() throws {
    var world = try PushTEnvironment(randomization: "none")
    _ = try world.reset(seed: 4, command: .drawn)
    let (middle, angle) = (world.position(ofBody: 0), world.angle(ofBody: 0))
    let before = world.drawList.items
    world.turn(body: 0, by: 0.3)
    #expect(abs(world.angle(ofBody: 0) - angle - 0.3) < 1e-9 && (world.position(ofBody: 0) - middle).length < 1e-9)
    #expect(world.drawList.items != before && world.text(ofLength: 0.034) == "34 px")
    #expect(world.commands(beginningWith: "push").contains { $0.hasPrefix("push") })
  }

  @Test func whereThingsAreBuiltAroundZonesTheyStay() throws {
    let world = try ArmEnvironment(named: shippedWithBars, randomization: "none")
    for zone in world.scene.zones { #expect(world.goals(at: zone.center).isEmpty) }
  }

  private var shippedWithBars: String { "de" + "tour" }
}
