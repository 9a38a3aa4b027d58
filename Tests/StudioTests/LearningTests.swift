// A policy that learns elsewhere drives with its newest weights.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio
import PlanarViewer
import Synchronization
import Testing

/// A learning whose progress a test sets.
private final class StubLearning: Sendable {
  let progress = Mutex(LearningProgress(version: 0, policy: nil, words: "recording", plots: [], isAsking: false))

  let episodes = Mutex<[Episode]>([])
  var taught: [Episode] { episodes.withLock { $0 } }

  var feed: LearningFeed {
    LearningFeed(
      pilot: "learner", latest: { self.progress.withLock { $0 } },
      ask: { isAsking in self.progress.withLock { $0.isAsking = isAsking } },
      teach: { episode in
        self.episodes.withLock { $0.append(episode) }
        self.progress.withLock { $0.labelsByHand += episode.labels.count }
        return true
      })
  }
}

@Suite struct LearningTests {
  private func makeControls(_ stub: StubLearning) throws -> DemoControls<ArmEnvironment> {
    let world = try ArmEnvironment(randomization: "none")
    let pilots = [
      DemoPilot<ArmEnvironment>(name: "learner", driver: .random()),
      DemoPilot(name: "expert", driver: .expert(PushExpert())),
    ]
    var controls = DemoControls(session: try DemoSession(world: world, pilots: pilots, firstSeed: 5))
    controls.learning = stub.feed
    return controls
  }

  @Test func theNewestPolicyDrives() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    _ = controls.takeStep()
    #expect(controls.session.pilot.driver.policy == nil)
    let features = controls.session.world.features
    stub.progress.withLock { progress in
      progress.version = 1
      progress.policy = NoisePolicy(features: features)
    }
    _ = controls.takeStep()
    #expect(controls.session.pilot.name == "learner" && controls.session.pilot.driver.policy?.name == "noise")
    #expect(controls.session.questionSteps == [1] && controls.session.step == 2)
    // Nothing is asked again until there is a newer one.
    _ = controls.takeStep()
    #expect(controls.session.questionSteps == [1])
    // Who drives at the end has not driven from the beginning.
    while controls.session.status == .running { _ = controls.takeStep() }
    #expect(controls.session.pilotStatistics.attempts == 0)
  }

  private func teach(_ stub: StubLearning, _ controls: DemoControls<ArmEnvironment>) {
    let features = controls.session.world.features
    stub.progress.withLock { progress in
      progress.version += 1
      progress.policy = NoisePolicy(features: features)
    }
  }

  /// From there the newest policy goes on.
  @Test func newWeightsThatComeWhileOneLooksBackDoNotMatterUntilTimeGoesOn() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    teach(stub, controls)
    for _ in 0..<6 { _ = controls.takeStep() }
    controls.handle(.scrubbed(3))
    teach(stub, controls)
    _ = controls.takeStep()
    #expect(controls.session.isInPast && controls.session.step == 3)
    controls.handle(.key(.space, []))
    _ = controls.takeStep()
    #expect(controls.session.step == 4 && !controls.session.isInPast && controls.session.questionSteps.last == 3)
  }

  @Test func newWeightsAfterTheEndServeTheNextCommand() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    teach(stub, controls)
    while controls.session.status == .running { _ = controls.takeStep() }
    teach(stub, controls)
    _ = controls.takeStep()
    for character in try commands(in: controls.session).present { controls.handle(.character(character)) }
    controls.handle(.key(.enter, []))
    let step = controls.session.step
    _ = controls.takeStep()
    #expect(controls.session.step == step + 1 && controls.session.status == .running)
  }

  @Test func howChunksAreExecutedStaysWithNewWeights() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    teach(stub, controls)
    _ = controls.takeStep()
    controls.handle(.key(.letter("k"), .control))
    controls.handle(.slid("execution horizon", 0))
    teach(stub, controls)
    _ = controls.takeStep()
    #expect(controls.session.pilot.horizons.execution == 1)
  }

  @Test func whoDrivesOtherwiseGoesOn() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    controls.handle(.key(.digit(2), []))
    _ = controls.takeStep()
    let features = controls.session.world.features
    stub.progress.withLock { progress in
      progress.version = 1
      progress.policy = NoisePolicy(features: features)
    }
    for _ in 0..<4 { _ = controls.takeStep() }
    #expect(controls.session.pilot.name == "expert" && controls.session.questionSteps == [0])
    controls.handle(.key(.digit(1), []))
    #expect(controls.session.pilot.driver.policy?.name == "noise")
  }

  @Test func aKeyAsksTheExpertAndCurvesAreShown() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    let plot = Plot(
      label: "Success", text: "8 %", points: [.init(x: 0, y: 0), .init(x: 1, y: 0.08)], low: "0", high: "1")
    stub.progress.withLock { $0.plots = [plot] }
    _ = controls.takeStep()
    #expect(controls.panel.items.contains(.plot(plot)))
    controls.handle(.key(.letter("y"), .control))
    #expect(stub.progress.withLock { $0.isAsking })
    controls.handle(.switchClicked("ask the expert"))
    #expect(stub.progress.withLock { !$0.isAsking })
    var other = DemoControls(session: try makeSession())
    other.handle(.key(.letter("y"), .control))
    #expect(other.message?.text.contains("--learn") == true)
  }

  // MARK: By hand

  /// Whoever errs is shown how: every step from which a whole chunk was done by hand is a label.
  @Test func thePolicyLearnsFromAHandThatLeadsTheTip() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    teach(stub, controls)
    for _ in 0..<6 { _ = controls.takeStep() }
    controls.handle(.key(.space, []))
    let tip = controls.session.world.tip
    let goal = tip + Vec2(0, tip.y > 0 ? -0.1 : 0.1)
    let questions = controls.session.questionSteps
    controls.handle(.mousePressed(tip, .left))
    #expect(controls.session.isLedByHand && !controls.isPaused)
    controls.handle(.mouseMoved(goal))
    for _ in 0..<20 { _ = controls.takeStep() }
    #expect((controls.session.world.tip - goal).length < 0.01 && controls.session.questionSteps == questions)
    controls.handle(.mouseReleased(goal, .left))
    let horizon = controls.session.pilot.horizons.prediction
    let episode = try #require(stub.taught.first)
    let count = 20 - horizon + 1
    #expect(episode.labels.count == count && controls.message?.tone == .good)
    #expect(
      episode.labels.allSatisfy { $0.horizon == horizon } && episode.info.seed == controls.session.world.info.seed)
    // A label is what was done from its frame on, and the first one begins where the hand took the tip.
    let first = episode.labelFrames[0]
    #expect(Array(episode.labels[0].values.prefix(2)) == Array(episode.actions[first].prefix(2)))
    #expect(episode.labelFrames == Array(first..<first + count))
    #expect(controls.panel.items.contains(.readings([Reading("Labels by your hand", "\(count)")])))
    // The policy is asked where it gets the tip back, and the attempt is nobody's.
    _ = controls.takeStep()
    #expect(controls.session.questionSteps.last == 26)
    while controls.session.status == .running { _ = controls.takeStep() }
    #expect(controls.session.pilotStatistics.attempts == 0)
  }

  @Test func aBriefCorrectionTeachesNothingAndSaysSo() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    teach(stub, controls)
    for _ in 0..<3 { _ = controls.takeStep() }
    let tip = controls.session.world.tip
    controls.handle(.mousePressed(tip, .left))
    for _ in 0..<3 { _ = controls.takeStep() }
    controls.handle(.mouseReleased(tip, .left))
    #expect(stub.taught.isEmpty)
    #expect(controls.message?.tone == .bad && controls.message?.text.contains("3 steps") == true)
  }

  @Test func beforeThereIsAPolicyNothingIsTaught() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    let tip = controls.session.world.tip
    controls.handle(.mousePressed(tip, .left))
    for _ in 0..<12 { _ = controls.takeStep() }
    controls.handle(.mouseReleased(tip, .left))
    #expect(stub.taught.isEmpty && controls.message?.text.contains("no policy yet") == true)
  }

  /// Each hold is a correction of its own.
  @Test func whatWasTaughtOnceIsNotTaughtAgain() throws {
    let stub = StubLearning()
    var controls = try makeControls(stub)
    teach(stub, controls)
    for _ in 0..<3 { _ = controls.takeStep() }
    for _ in 0..<2 {
      let tip = controls.session.world.tip
      controls.handle(.mousePressed(tip, .left))
      for _ in 0..<18 { _ = controls.takeStep() }
      controls.handle(.mouseReleased(tip, .left))
    }
    #expect(stub.taught.count == 2 && stub.taught[0].labels.count == stub.taught[1].labels.count)
  }
}
