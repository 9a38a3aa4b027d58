// Which action of which chunk is executed when, under every way of switching and any delay.

import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

@Suite struct ChunkExecutionTests {
  /// One episode of the probe policy: chunks of 8 steps, 3 executed.
  private func episode(
    _ execution: ChunkExecution, policy: ChunkProbe = ChunkProbe(), steps: Int = 14,
    hasTargets: Bool = false
  ) throws -> RolloutEpisode {
    try rollOut(
      RolloutPlan(
        world: Clockwork(steps: steps, hasTargets: hasTargets), seeds: [7], driver: .policy(policy),
        execution: execution, recording: Recording(keepsFrames: true, keepsPredictions: true),
        blockSize: 1))[0]
  }

  private func executed(
    _ execution: ChunkExecution, policy: ChunkProbe = ChunkProbe(), steps: Int = 14,
    hasTargets: Bool = false
  ) throws -> String {
    let episode = try episode(execution, policy: policy, steps: steps, hasTargets: hasTargets)
    return episode.episode!.actions.map(ChunkProbe.label).joined(separator: " ")
  }

  // MARK: The diagrams of ChunkExecutor.swift

  @Test func recedingHorizonExecutesTheFirstSteps() throws {
    #expect(try executed(.recedingHorizon) == "A0 A1 A2 B0 B1 B2 C0 C1 C2 D0 D1 D2 E0 E1")
    #expect(try episode(.recedingHorizon).predictions.map(\.frame) == [0, 3, 6, 9, 12])
  }

  @Test func waitingHoldsStillAndThenStartsFromTheFirstStep() throws {
    let wait = ChunkExecution(delay: 2, switching: .wait)
    #expect(try executed(wait) == "A0 A1 A2 · · B0 B1 B2 · · C0 C1 C2 ·")
    #expect(try episode(wait).predictions.map(\.frame) == [0, 3, 8, 13])
    #expect(try executed(wait, hasTargets: true) == "A0 A1 A2 A2 A2 B0 B1 B2 B2 B2 C0 C1 C2 C2")
  }

  @Test(arguments: [ChunkExecution.Switching.naive, .realTime])
  func theOldChunkGoesOnUntilTheAnswerIsThere(switching: ChunkExecution.Switching) throws {
    let late = ChunkExecution(delay: 2, switching: switching)
    #expect(try executed(late) == "A0 A1 A2 A3 A4 B2 B3 B4 C2 C3 C4 D2 D3 D4")
    #expect(try episode(late).predictions.map(\.frame) == [0, 3, 6, 9, 12])
  }

  /// With d = s an answer arrives just as the next question is asked, and with s + d = H the old chunk is used up.
  @Test func theLongestDelay() throws {
    #expect(
      try executed(ChunkExecution(horizon: 4, delay: 4, switching: .naive), steps: 17)
        == "A0 A1 A2 A3 A4 A5 A6 A7 B4 B5 B6 B7 C4 C5 C6 C7 D4")
    #expect(
      try executed(ChunkExecution(horizon: 8, delay: 3, switching: .wait))
        == "A0 A1 A2 A3 A4 A5 A6 A7 · · · B0 B1 B2")
    #expect(
      try executed(ChunkExecution(horizon: 1, delay: 5, switching: .wait))
        == "A0 · · · · · B0 · · · · · C0 ·")
  }

  /// Chunk k is asked for at step k·s and executed from step k·s + d on, at the step of it that is due then.
  @Test func everyDelayAndHorizonKeepsTime() throws {
    for horizon in 1...8 {
      for delay in 0...min(horizon, 8 - horizon) {
        let execution = ChunkExecution(horizon: horizon, delay: delay, switching: .naive)
        let actions = try episode(execution, steps: 25).episode!.actions
        for (step, action) in actions.enumerated() {
          let chunk = max(0, (step - delay) / horizon)
          #expect(
            action == ChunkProbe.action(chunk: chunk + 1, step: step - chunk * horizon),
            "s \(horizon), d \(delay), step \(step)")
        }
      }
    }
  }

  @Test(arguments: [ChunkExecution.Switching.wait, .naive, .realTime])
  func withoutDelaySwitchingMakesNoDifference(switching: ChunkExecution.Switching) throws {
    var plan = RolloutPlan(
      world: PointWorld(), seeds: Array(0..<21), driver: .policy(PointProbe()),
      recording: Recording(keepsFrames: true, keepsPredictions: true), blockSize: 8)
    let plain = try rollOut(plan)
    plan.execution = ChunkExecution(delay: 0, switching: switching)
    #expect(try rollOut(plan) == plain)
  }

  // MARK: What the policy is asked

  /// Observations are those of the moment of the question, not of the answer.
  @Test func theQuestionShowsTheMomentItIsAsked() throws {
    let policy = ChunkProbe()
    _ = try episode(ChunkExecution(delay: 2, switching: .naive), policy: policy)
    #expect(policy.log.requests.dropFirst().map { $0.history.latest.proprioception[0] } == [3, 6, 9, 12])
    #expect(policy.log.requests.allSatisfy { $0.continuation == nil })
  }

  @Test func aContinuationIsTheRestOfThePresentChunk() throws {
    let policy = ChunkProbe()
    _ = try episode(ChunkExecution(delay: 2, switching: .realTime), policy: policy)
    let continuations = policy.log.requests.map(\.continuation)
    #expect(continuations.count == 5 && continuations[0] == nil)
    for (k, continuation) in continuations.enumerated().dropFirst() {
      // Chunk k + 1 is asked for at step 3 of chunk k: five steps of that are left, two of them executed meanwhile.
      let rest = (3..<8).flatMap { ChunkProbe.action(chunk: k, step: $0) }
      #expect(
        continuation
          == ChunkContinuation(
            previous: ActionChunk(horizon: 5, dimension: 2, values: rest), frozenSteps: 2, freeFrom: 5))
    }
  }

  /// Of the continuation, exactly the frozen steps are executed before the answer takes over.
  @Test func frozenStepsAreExecuted() throws {
    let policy = ChunkProbe()
    let execution = ChunkExecution(horizon: 4, delay: 3, switching: .realTime)
    let actions = try episode(execution, policy: policy, steps: 20).episode!.actions
    for (k, request) in policy.log.requests.enumerated() {
      guard let continuation = request.continuation else { continue }
      #expect(continuation.frozenSteps == 3 && continuation.freeFrom == 4)
      for step in 0..<3 where 4 * k + step < actions.count {
        #expect(actions[4 * k + step] == continuation.previous[step])
      }
      if 4 * k + 3 < actions.count { #expect(actions[4 * k + 3] != continuation.previous[3]) }
    }
  }

  @Test func nothingIsContinuedWhereTheOldChunkIsAtItsEnd() throws {
    let policy = ChunkProbe()
    _ = try episode(ChunkExecution(horizon: 8, switching: .realTime), policy: policy)
    #expect(policy.log.requests.allSatisfy { $0.continuation == nil })
  }

  // MARK: Temporal ensembling

  /// Chunks of three steps. Step 2 is covered by A2, B1, C0 and step 3 by B2, C1, D0.
  @Test func anEnsembleIsTheMeanByAge() throws {
    var policy = ChunkProbe()
    policy.horizons.prediction = 3
    let actions = try episode(.temporalEnsembling(m: 0.5), policy: policy, steps: 5).episode!.actions
    let (w1, w2) = (0.6065306597, 0.3678794412)  // exp(−0.5), exp(−1)
    let expected: [[Double]] = [
      [1, 0], [(1 + w1 * 2) / (1 + w1), (1 + w1 * 0) / (1 + w1)],
      [(1 + w1 * 2 + w2 * 3) / (1 + w1 + w2), (2 + w1 * 1 + w2 * 0) / (1 + w1 + w2)],
      [(2 + w1 * 3 + w2 * 4) / (1 + w1 + w2), (2 + w1 * 1 + w2 * 0) / (1 + w1 + w2)],
      [(3 + w1 * 4 + w2 * 5) / (1 + w1 + w2), (2 + w1 * 1 + w2 * 0) / (1 + w1 + w2)],
    ]
    for (action, wanted) in zip(actions, expected) {
      for d in 0..<2 { #expect(abs(Double(action[d]) * 64 - wanted[d]) < 1e-5) }
    }
    #expect(try episode(.temporalEnsembling(), steps: 5).predictions.map(\.frame) == [0, 1, 2, 3, 4])
  }

  /// With m = 0 and a delay of one step: the plain mean of the chunks that are there. B is asked for at step 1, and
  /// its step 1 takes part first.
  @Test func anEnsembleLeavesOutWhatIsNotThereYet() throws {
    var policy = ChunkProbe()
    policy.horizons.prediction = 3
    let actions = try episode(.temporalEnsembling(m: 0, delay: 1), policy: policy, steps: 5).episode!.actions
    // A0 | A1 | A2, B1 | B2, C1 | C2, D1
    let expected: [Action] = [[1, 0], [1, 1], [1.5, 1.5], [2.5, 1.5], [3.5, 1.5]]
    #expect(actions == expected.map { $0.map { $0 / 64 } })
  }

  /// Weights that grow do not overflow: the newest chunk alone is left.
  @Test func anEnsembleMayFavourTheNewest() throws {
    let actions = try executed(.temporalEnsembling(m: -400), steps: 4)
    #expect(actions == "A0 B0 C0 D0")
    #expect(try executed(.temporalEnsembling(m: 400), steps: 4) == "A0 A1 A2 A3")
  }

  // MARK: Determinism

  @Test(arguments: [
    ChunkExecution(delay: 2, switching: .wait), ChunkExecution(delay: 3, switching: .naive),
    ChunkExecution(delay: 1, switching: .realTime), .temporalEnsembling(m: 0.1, delay: 2),
  ])
  func resultsDoNotDependOnThreadsNorNeighbours(execution: ChunkExecution) throws {
    var plan = RolloutPlan(
      world: PointWorld(), seeds: (0..<21).map { UInt64(100 + $0) }, driver: .policy(PointProbe()),
      execution: execution, actionNoise: ActionNoise(deviation: 0.1),
      recording: Recording(keepsFrames: true, keepsPredictions: true), blockSize: 8)
    let alone = try rollOut(plan)
    plan.threads = 3
    #expect(try rollOut(plan) == alone)
    plan.blockSize = 5
    #expect(try rollOut(plan) == alone)
    plan.seeds = [113]
    var one = try rollOut(plan)[0]
    one.outcome.index = 13
    #expect(one == alone[13])
    plan.execution = .recedingHorizon
    #expect(try rollOut(plan)[0].episode != alone[13].episode)
  }

  // MARK: Refusals

  @Test func whatCannotBeExecutedIsRefused() throws {
    func refusal(_ execution: ChunkExecution, continues: Bool = true) -> String? {
      var policy = ChunkProbe()
      policy.continuesChunks = continues
      do {
        try execution.validate(for: policy)
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(refusal(ChunkExecution(delay: -1)) == "the delay must be at least 0 control steps; it is -1")
    #expect(
      refusal(ChunkExecution(delay: 5, switching: .naive))
        == "a delay of 5 control steps is too long for policy 'probe', whose chunks last 8: the old one must go on while the new one is computed; switch by waiting, or take a delay of at most 4"
    )
    #expect(
      refusal(ChunkExecution(horizon: 2, delay: 3, switching: .realTime))
        == "an execution horizon of 2 asks again before the last answer is there, 3 control steps late; execute 3 to 5 steps of each chunk"
    )
    #expect(
      refusal(ChunkExecution(horizon: 6, delay: 3, switching: .naive))
        == "6 executed steps and a delay of 3 need chunks of 9 control steps, and those of policy 'probe' last 8; execute 3 to 5 steps of each chunk"
    )
    #expect(
      refusal(ChunkExecution(delay: 2, switching: .realTime), continues: false)
        == "policy 'probe' cannot continue a chunk, which real-time chunking needs; take a policy with a flow or diffusion head, or switch naively or by waiting"
    )
    #expect(
      refusal(ChunkExecution(horizon: 3, ensembling: 0.01))
        == "temporal ensembling asks the policy every step; leave the execution horizon out, it is 3")
    #expect(
      refusal(ChunkExecution(ensembling: 0.01, switching: .realTime))
        == "temporal ensembling averages chunks and real-time chunking continues them; take one of the two")
    #expect(
      refusal(ChunkExecution(ensembling: 0.01, delay: 2))
        == "temporal ensembling goes on while the policy thinks and cannot wait; with a delay, switch naively")
    #expect(
      refusal(.temporalEnsembling(delay: 8))
        == "the chunks of policy 'probe' last 8 control steps and would be over before they arrive, 8 steps late; take a delay of at most 7"
    )
    #expect(
      refusal(.temporalEnsembling(m: .nan))
        == "temporal ensembling's m must be a number, such as 0.01; it is nan")
    for fine in [
      ChunkExecution(delay: 100), ChunkExecution(horizon: 5, delay: 3, switching: .naive),
      .temporalEnsembling(delay: 7), ChunkExecution(horizon: 8, switching: .realTime),
    ] { #expect(refusal(fine) == nil) }
  }

  @Test func onlyAPolicyAloneIsLate() throws {
    var plan = RolloutPlan(
      world: PointWorld(), seeds: [1], driver: .expert(PointExpert()),
      execution: ChunkExecution(delay: 2))
    let refusal = UserError(
      "delays, switching and temporal ensembling are for a policy that drives alone; experts and random actions are chosen every step, and mixtures execute by receding horizon"
    )
    #expect(throws: refusal) { try rollOut(plan) }
    plan.driver = .mixture(learner: PointPolicy(), expert: PointExpert(), expertShare: 0.5)
    #expect(throws: refusal) { try rollOut(plan) }
    plan.execution = ChunkExecution(horizon: 2)
    #expect(throws: Never.self) { try rollOut(plan) }
  }

  // MARK: Files

  @Test func theValueIsWrittenInPlainWords() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    func text(_ execution: ChunkExecution) throws -> String {
      let data = try encoder.encode(execution.resolved(for: Horizons()))
      #expect(
        try JSONDecoder().decode(ChunkExecution.self, from: data) == execution.resolved(for: Horizons()))
      return String(decoding: data, as: UTF8.self)
    }
    #expect(
      try text(ChunkExecution(delay: 4, switching: .realTime))
        == #"{"delay":4,"horizon":8,"switching":"real-time"}"#)
    #expect(
      try text(.temporalEnsembling(m: 0.5))
        == #"{"delay":0,"horizon":1,"switching":"naive","temporal_ensembling":0.5}"#)
  }
}

/// The noisy policy of the point world, said to continue chunks, though it does not.
private struct PointProbe: Policy {
  private let point = PointPolicy()
  var name: String { point.name }
  var features: FeatureSet { point.features }
  var horizons: Horizons { point.horizons }
  var continuesChunks: Bool { true }

  func makeInference(batch: Int) -> any PolicyInference { point.makeInference(batch: batch) }
}
