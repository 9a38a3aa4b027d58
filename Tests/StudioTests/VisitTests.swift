// Heat maps, curves and attention.

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

@Suite struct VisitTests {
  private func wait(for isSo: () -> Bool) {
    let end = Date() + 120
    while !isSo() {
      guard Date() < end else { return #expect(Bool(false), "two minutes have passed") }
      Thread.sleep(forTimeInterval: 0.01)
    }
  }

  /// Noise goes where no demonstration goes; the cells of that lie under the things and say so.
  @Test func theHeatMapShowsWhereADriverGoesThatNoDemonstrationGoes() throws {
    var session = try makeSession()
    session.selectPilot(1)
    session.showing = [.visits]
    let bare = session.world.drawList.items.count
    var controls = DemoControls(session: session, view: DemoView(showing: [.visits], showsInitials: false))
    wait { session.sharesOutside != nil }
    let shares = try #require(session.sharesOutside)
    #expect(shares.driver > 2 * shares.demonstrations && shares.demonstrations < 0.1)
    let items = controls.scene.items
    let cells = items.prefix(items.count - bare)
    #expect(cells.count > 40)
    #expect(Array(items.suffix(bare)) == session.world.drawList.items)
    let words = String(format: "%.1f %%", 100 * shares.driver)
    #expect(
      controls.panel.items.contains { item in
        if case .switches(let rows) = item {
          rows.contains { $0.id == "visits" && $0.detail.contains(words) }
        } else {
          false
        }
      })
    // The expert is compared with nobody.
    controls.handle(.key(.digit(1), []))
    #expect(controls.session.sharesOutside == nil)
    controls.handle(.key(.letter("m"), .control))
    #expect(controls.scene.items.count == bare)
  }

  @Test func curvesTellDistanceJumpsAndUnlikeness() throws {
    var session = try makeSession()
    session.selectPilot(1)
    session.showing = [.curves]
    wait {
      session.advance(); return session.step > 30 && session.unlikeness.count > 30
    }
    let distances = session.goalDistances
    #expect(distances.map(\.step) == Array(0...session.step))
    let zone = try #require(session.world.goalZone)
    let object = try #require(session.world.goalObject)
    #expect(distances.last?.value == (session.world.position(ofBody: object) - zone.center).length)
    // A chunk takes over from another at every fourth step.
    #expect(session.jumps.map(\.step).allSatisfy { $0 % 4 == 1 } && session.jumps.contains { $0.value > 0 })
    wait {
      session.advance(); return session.unlikeness.count == session.step + 1 || session.status != .running
    }
    let known = session.unlikeness
    #expect(known.map(\.step) == Array(0...session.step) && Set(known.map(\.value)).count > 20)
    // Where it is known from the start, it is the same.
    let steps = session.step
    try session.restartEpisode()
    for _ in 0..<steps { session.advance() }
    #expect(session.unlikeness.map(\.value) == known.map(\.value))
    let curves = try #require(DemoControls(session: session, view: DemoView(showing: [.curves])).panel.timeline?.curves)
    #expect(curves.map(\.ink) == [1, 2, 3])
    #expect(curves.allSatisfy { curve in curve.points.allSatisfy { 0...1 ~= $0.value } })
  }

  /// A state of a demonstration is none that is unlike them; one beside the table is.
  @Test func theExpertIsLikeTheDemonstrations() throws {
    var session = try makeSession()
    session.showing = [.curves]
    wait {
      session.advance(); return !session.unlikeness.isEmpty || session.status != .running
    }
    wait {
      session.seek(to: session.step); return !session.unlikeness.isEmpty
    }
    let values = session.unlikeness.map(\.value)
    #expect(!values.isEmpty && values.sorted()[values.count / 2] < 1.5)
  }

  // MARK: Attention

  @Test func attentionIsOnTheObjectsAndWordsThatThePolicyLooksAt() throws {
    let folder = try #require(Checkpoint.folder(of: "push-flow"))
    let world = try ArmEnvironment(randomization: "none")
    let policy = try Checkpoint.load(folder)
    var session = try DemoSession(
      world: world, pilots: [DemoPilot(name: "flow", driver: .policy(policy))], firstSeed: 2006)
    session.showing = [.attention]
    session.advance()
    let gaze = try #require(session.thought.gaze)
    #expect(gaze.objects.count == session.world.scene.objects.count)
    #expect(abs(gaze.objects.reduce(0) { $0 + $1.share } - 1) < 1e-6)
    // Without randomization a token says where its object is, and each is found.
    for object in session.world.scene.objects.indices {
      let place = session.world.position(ofBody: object)
      #expect(gaze.objects.contains { ($0.place - place).length < 0.01 })
    }
    // The object of the command is looked at most.
    let wanted = session.world.position(ofBody: try #require(session.world.goalObject))
    let most = try #require(gaze.objects.max { $0.share < $1.share })
    #expect((most.place - wanted).length < 0.01 && most.share > 0.4)
    #expect(gaze.words.map(\.text).joined(separator: " ") == session.command.replacing(",", with: ""))
    #expect(gaze.objectsTogether + gaze.command < 1 && gaze.objectsTogether > 0.1 && gaze.command > 0.05)
    #expect(abs(gaze.words.reduce(0) { $0 + $1.share } - gaze.command) < 1e-4)
  }

  /// Looking changes nothing of what the policy does.
  @Test func lookingChangesNoBit() throws {
    let policy = try Checkpoint.load(try #require(Checkpoint.folder(of: "push-flow")))
    func states(_ views: Set<ThinkingView>) throws -> [Vec2] {
      var session = try DemoSession(
        world: try ArmEnvironment(randomization: "train"), pilots: [DemoPilot(driver: .policy(policy))], firstSeed: 7)
      session.showing = views
      return (0..<20).map { _ in
        session.advance()
        return session.world.tip
      }
    }
    #expect(try states([]) == states([.attention, .curves, .visits]))
  }
}
