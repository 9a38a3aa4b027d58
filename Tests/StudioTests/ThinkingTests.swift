// What is shown of a policy's thinking: true to the policy, and without any effect on it.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct ThinkingTests {
  /// A session in which a shipped policy drives.
  func session(
    of name: String, in environment: String = "detour", seed: UInt64 = 2000,
    execution: ChunkExecution = .recedingHorizon
  ) throws -> DemoSession<ArmEnvironment> {
    let world = try ArmEnvironment(named: environment, randomization: "none")
    let folder = try #require(Checkpoint.folder(of: name))
    let pilot = DemoPilot<ArmEnvironment>(
      driver: .policy(try Checkpoint.load(folder), name: name), execution: execution)
    return try DemoSession(world: world, pilots: [pilot], firstSeed: seed, expert: world.scriptedExpert)
  }

  /// How many paths pass each side of the straight way from the tip to the zone, by so much that they go around the bar.
  func sides(of paths: [[Vec2]], in world: ArmEnvironment) throws -> (left: Int, right: Int) {
    let zone = try #require(world.scene.zones.first { world.info.command.contains($0.name) })
    var sides = (left: 0, right: 0)
    for path in paths {
      let way = (zone.center - path[0]).normalized()
      let offsets = path.map { way.cross($0 - path[0]) }
      let widest = try #require(offsets.max { abs($0) < abs($1) })
      if widest > 0.04 { sides.left += 1 }
      if widest < -0.04 { sides.right += 1 }
    }
    return sides
  }

  @Test(arguments: ["detour-flow", "detour-diffusion"])
  func aFanHasTwoLobesWhereThereAreTwoWays(name: String) throws {
    var lobes: [(left: Int, right: Int)] = []
    for seed in 2000..<2004 as Range<UInt64> {
      var session = try session(of: name, seed: seed)
      let start = session.world
      session.showing = [.fan]
      session.advance()
      let fan = try #require(session.thought.fan)
      #expect(fan.count == 32 && fan.allSatisfy { $0[0] == start.commandedTip })
      lobes.append(try sides(of: fan, in: start))
    }
    #expect(lobes.contains { $0.left >= 4 && $0.right >= 4 }, "\(lobes)")
  }

  @Test func aPolicyThatDrawsNothingHasNoFan() throws {
    var session = try session(of: "detour-regression")
    session.showing = [.fan, .denoising]
    session.advance()
    #expect(session.thought.fan == [] && session.thought.denoising == [])
    #expect(session.denoisingSteps == nil)
  }

  @Test(arguments: ["detour-flow", "detour-diffusion"])
  func denoisingEndsInTheExecutedChunk(name: String) throws {
    var session = try session(of: name)
    session.showing = [.denoising]
    for _ in 0..<2 {
      repeat { session.advance() } while session.shownChunk?.executedSteps != 1
      let film = try #require(session.thought.denoising)
      #expect(film.count == 11)
      #expect(film.last == session.shownChunk?.path)
      // Noise jumps about; a path does not.
      func bends(_ path: [Vec2]) -> Double {
        zip(path, path.dropFirst(2)).enumerated().reduce(0) { sum, pair in
          sum + (pair.element.0 + pair.element.1 - path[pair.offset + 1] * 2).length
        }
      }
      #expect(bends(film[0]) > 4 * bends(film[10]))
    }
  }

  @Test(arguments: [
    ("detour-flow", "detour", ChunkExecution.recedingHorizon), ("detour-diffusion", "detour", .recedingHorizon),
    ("push-bins", "push", .recedingHorizon), ("push-flow", "push", ChunkExecution(delay: 4, switching: .realTime)),
  ])
  func lookingChangesNothing(name: String, environment: String, execution: ChunkExecution) throws {
    var plain = try session(of: name, in: environment, execution: execution)
    var watched = try session(of: name, in: environment, execution: execution)
    watched.showing = Set(ThinkingView.allCases)
    for _ in 0..<40 {
      plain.advance()
      watched.advance()
      #expect(plain.world.physics.states == watched.world.physics.states)
      #expect(plain.world.commandedTip == watched.world.commandedTip && plain.status == watched.status)
      #expect(plain.overlay.isEmpty == watched.overlay.isEmpty)
    }
    // The likeliest bins are taken: nothing is drawn.
    #expect(watched.thought.fan?.count == (name == "push-bins" ? 0 : 32) && watched.thought.ghost != nil)
    #expect(plain.thought == Thought())
  }

  @Test func theGhostOfAnExpertIsItself() throws {
    let world = try ArmEnvironment(randomization: "none")
    let pilots: [DemoPilot<ArmEnvironment>] = [
      DemoPilot(driver: .expert(PushExpert())), DemoPilot(name: "random", driver: .random()),
    ]
    var session = try DemoSession(world: world, pilots: pilots, firstSeed: 5, expert: world.scriptedExpert)
    session.showing = [.ghost]
    session.advance()
    let own = try #require(session.thought.ghost)
    #expect(own.error < 1e-9 && own.path == session.shownChunk?.path)
    let ownAngle = try #require(own.angle)
    #expect(ownAngle < 1e-6)
    try session.restartEpisode()
    session.selectPilot(1)
    session.advance()
    let other = try #require(session.thought.ghost)
    #expect(other.path == Array(own.path.prefix(9)) && other.path != session.shownChunk?.path)
    let angle = try #require(other.angle)
    #expect(other.error > 0.01 && angle > 0.2)
  }

  @Test func aLateAnswerIsFollowedUntilItTakesOver() throws {
    var session = try session(
      of: "push-flow", in: "push", execution: ChunkExecution(delay: 3, switching: .naive))
    while session.lateAnswer == nil { session.advance() }
    let asked = try #require(session.lateAnswer)
    #expect(asked.stepsLeft == 2 && asked.oldPath.count > 3 && asked.plannedPath.count == 17 && asked.jump == nil)
    #expect(asked.oldPath[0] == asked.asked && asked.plannedPath[0] == asked.asked)
    let chunk = try #require(session.shownChunk)
    session.advance()
    #expect(session.lateAnswer?.stepsLeft == 1 && session.shownChunk?.path == chunk.path)
    session.advance()
    let arrived = try #require(session.lateAnswer)
    #expect(arrived.stepsLeft == 0 && session.shownChunk?.path != chunk.path)
    #expect(arrived.givenUp.first == session.world.commandedTip && arrived.givenUp.count == arrived.oldPath.count - 3)
    session.advance()
    let jump = try #require(session.lateAnswer?.jump)
    #expect(jump > 0)
  }

  /// Eleven pictures of denoising for each chunk, in a world that stands still, besides one for each control step.
  @Test func aFilmShowsTheDenoisingOfEveryChunk() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    var session = try session(of: "detour-flow")
    session.showing = [.denoising, .delay]
    var lines: [String] = []
    let summary = try HeadlessDemo(episodes: 1, framesFolder: folder.path, frameWidth: 200).run(&session) {
      lines.append($0)
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let chunks = lines.count { $0.hasPrefix("episode 1  step") }
    #expect(summary.episodes == 1 && chunks > 1)
    #expect(files.count == session.step + 1 + 11 * chunks)
    let pictures = try files[1...11].map { try Image(contentsOfPNG: folder.appendingPathComponent($0).path) }
    for (earlier, later) in zip(pictures, pictures.dropFirst()) { #expect(earlier != later) }
    #expect(lines[0] == "Note: Answers come at once here; planar demo --delay 4 makes them late.")
  }

  @Test func denoisingPlaysWhileTimeStandsStill() throws {
    var controls = DemoControls(session: try session(of: "detour-diffusion"), view: DemoView(showing: [.denoising]))
    for _ in 0..<3 { _ = controls.takeStep() }
    controls.handle(.key(.space, []))
    let state = controls.session.world.physics.states
    var shown: [Int?] = []
    var pictures: [[DrawItem]] = []
    for _ in 0..<12 {
      _ = controls.takeStep()
      shown.append(controls.session.shownDenoisingStep)
      pictures.append(controls.overlay)
    }
    #expect(shown.prefix(10) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] && shown[11] == 10)
    #expect(Set(pictures.map(\.count)).count > 5 && controls.session.world.physics.states == state)
    // By hand it stays where it is.
    controls.handle(.character("["))
    for _ in 0..<3 { _ = controls.takeStep() }
    #expect(controls.session.shownDenoisingStep == 9)
    controls.handle(.character("]"))
    controls.handle(.character("]"))
    #expect(controls.session.shownDenoisingStep == 10)
    // Going on shows the steps along the executed ones.
    controls.handle(.key(.space, []))
    #expect(controls.session.denoisingStep == nil)
  }

  /// Violet on both sides of the bar, and only where the fan is shown.
  @Test func theFanIsDrawnOnBothSides() throws {
    var session = try session(of: "detour-flow", seed: 2000)
    session.showing = [.fan]
    session.advance()
    let list = session.world.drawList
    let camera = Camera(bounds: list.bounds, width: 420, height: 300)
    func violet() throws -> (left: Int, right: Int) {
      let shown = camera.render(list, overlay: session.overlay)
      let bare = camera.render(list)
      let zone = try #require(session.world.scene.zones.first { session.command.contains($0.name) })
      let start = try #require(session.shownChunk?.path[0])
      let way = (zone.center - start).normalized()
      var count = (left: 0, right: 0)
      for y in 0..<300 {
        for x in 0..<420 {
          let (a, b) = (shown[x, y], bare[x, y])
          guard a != b, a.blue > a.green + 0.06, a.blue >= a.red else { continue }
          let side = way.cross(camera.unproject(Vec2(Double(x), Double(y))) - start)
          if side > 0.02 { count.left += 1 }
          if side < -0.02 { count.right += 1 }
        }
      }
      return count
    }
    let fan = try violet()
    #expect(fan.left > 30 && fan.right > 30)
    session.showing = []
    let none = try violet()
    #expect(none.left < 10 && none.right < 10)
  }
}
