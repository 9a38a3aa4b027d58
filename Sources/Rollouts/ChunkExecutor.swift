// From chunks to actions in one episode: when the policy is asked, and which action of which chunk is next.
//
// H = 8 steps a chunk, s = 3 executed of each, a delay of d = 2. `B3` is step 3 of chunk B, `·` a step held still.
//
//   control step          0   1   2   3   4   5   6   7   8   9  10  11  12  13
//
//   no delay
//     asked               A           B           C           D           E
//     executed            A0  A1  A2  B0  B1  B2  C0  C1  C2  D0  D1  D2  E0  E1
//
//   wait: time stands still for the plan
//     asked               A           B                   C                   D
//     executed            A0  A1  A2  ·   ·   B0  B1  B2  ·   ·   C0  C1  C2  ·
//
//   naive and real-time: asked every s steps, answered d steps later, when the first d actions are past
//     asked               A           B           C           D           E
//     executed            A0  A1  A2  A3  A4  B2  B3  B4  C2  C3  C4  D2  D3  D4
//                                     └─d─┘└ a hard switch where naive; under real-time chunking B was made to
//                                     begin with A3 A4, to stay near A5 A6 A7, and to be free from B5 on:
//
//     the request for B   previous = A3 A4 A5 A6 A7 (H − s steps), frozenSteps = d = 2, freeFrom = H − s = 5
//
//   temporal ensembling (s = 1), no delay: the mean of the chunks that cover a step, the oldest first
//     asked               A   B   C   D   …
//     executed            A0  A1  A2  A3      weights 1, exp(−m), exp(−2m), …; with a delay, B is there d steps
//                             B0  B1  B2      after it was asked for, and its first d actions are past
//                                 C0  C1
//                                     D0
//
// The first chunk of an episode is there at once. Naive switching needs d ≤ s (one question at a time) and
// s + d ≤ H (the old chunk lasts until the new one is there).

import PlanarPolicyInterface

/// Holds an episode's observation history and the chunks at work, and says when a new one is due.
///
/// ```
///   needsChunk → begin(chunk) → nextAction() … nextAction() → needsChunk → …
///                               └ execution horizon times ┘
///   after every environment step: observe(observation)
/// ```
///
/// A chunk is handed to `begin` where it was asked for; that it arrives later is simulated here.
public struct ChunkExecutor: Sendable {
  /// How chunks are executed.
  public let execution: ChunkExecution
  /// Control steps from one question to the next, s.
  public let executionHorizon: Int
  /// The last To observations, oldest first.
  public private(set) var history: ObservationHistory
  /// The chunk being executed, if any has begun; under temporal ensembling the newest one.
  public private(set) var chunk: ActionChunk?
  /// Steps of `chunk` that are past: handed out, or skipped because they were due before it arrived.
  public private(set) var executedSteps = 0
  /// How often a chunk has taken over, the first included.
  public private(set) var chunksBegun = 0
  /// How far the last action lies from what the chunk before would have gone on with, `‖new − old‖` in normalised
  /// action units; nil where no chunk took over at this action, or the old one was at its end.
  public private(set) var boundaryJump: Double?

  /// The answer that is on its way, and the control steps until it takes over; nil where none is.
  public private(set) var coming: (chunk: ActionChunk, steps: Int)?
  /// The old chunk's next action where a new one has just taken over.
  private var forgone: Action?
  private var ensemble: ChunkEnsemble

  /// Starts an episode at its first observation, by an execution whose horizon is resolved and valid for the policy.
  public init(first: Observation, observationHorizon: Int, execution: ChunkExecution) {
    guard let steps = execution.horizon, steps > 0, observationHorizon > 0 else {
      preconditionFailure("horizons are positive")
    }
    history = ObservationHistory(first: first, horizon: observationHorizon)
    self.execution = execution
    executionHorizon = steps
    ensemble = ChunkEnsemble(decay: execution.ensembling ?? 0)
  }

  /// Starts an episode at its first observation, by receding horizon without delay.
  public init(first: Observation, observationHorizon: Int, executionHorizon: Int) {
    self.init(
      first: first, observationHorizon: observationHorizon,
      execution: ChunkExecution(horizon: executionHorizon))
  }

  /// Whether a new chunk must begin before the next action.
  public var needsChunk: Bool {
    if chunk == nil { return true }
    if execution.ensembling != nil { return executedSteps > 0 }
    return executedSteps == executionHorizon && coming == nil
  }

  /// What the request for the chunk that is due must say of the present one; nil where the new one begins afresh.
  public var continuation: ChunkContinuation? {
    guard execution.switching == .realTime, let chunk, chunk.horizon > executionHorizon else {
      return nil
    }
    return ChunkContinuation(
      previous: chunk.rest(from: executionHorizon), frozenSteps: execution.delay,
      freeFrom: chunk.horizon - executionHorizon)
  }

  /// The step of a chunk at which the next one takes over.
  public var lastingSteps: Int {
    executionHorizon + (execution.switching == .wait ? 0 : execution.delay)
  }

  /// Takes the chunk `[prediction horizon, action]` that was asked for now. Without a delay, and where it is the
  /// first, it begins at once and an unfinished one is dropped.
  public mutating func begin(_ chunk: ActionChunk) {
    precondition(
      chunk.horizon >= lastingSteps,
      "a chunk must last for the execution horizon, and until the next one is there")
    let isFirst = self.chunk == nil
    if execution.ensembling != nil {
      ensemble.add(chunk, delay: isFirst ? 0 : execution.delay)
      self.chunk = chunk
      executedSteps = 0
      chunksBegun += 1
    } else if isFirst || execution.delay == 0 {
      takeOver(chunk, at: 0)
    } else {
      coming = (chunk, execution.delay)
    }
  }

  /// Hands out the next action; nil where the arm is to be held still for this step, because the policy thinks.
  public mutating func nextActionUnlessHeld() -> Action? {
    boundaryJump = nil
    guard let chunk else {
      preconditionFailure("a chunk must begin before an action is taken from it")
    }
    if execution.ensembling != nil {
      executedSteps += 1
      return ensemble.nextAction()
    }
    var action: Action?
    if coming == nil || execution.switching != .wait {
      precondition(
        executedSteps < chunk.horizon && (coming != nil || executedSteps < executionHorizon),
        "a chunk must begin before an action is taken from it")
      action = chunk[executedSteps]
      if let forgone { boundaryJump = distance(chunk[executedSteps], forgone) }
      forgone = nil
      executedSteps += 1
    }
    coming?.steps -= 1
    if let arrived = coming, arrived.steps == 0 {
      takeOver(arrived.chunk, at: execution.switching == .wait ? 0 : execution.delay)
      coming = nil
    }
    return action
  }

  /// Hands out the next action, for executions that never hold the arm still.
  public mutating func nextAction() -> Action {
    guard let action = nextActionUnlessHeld() else {
      preconditionFailure("an execution that waits holds the arm still now and then")
    }
    return action
  }

  /// Adds what the environment showed after a step.
  public mutating func observe(_ observation: Observation) { history.append(observation) }

  private mutating func takeOver(_ next: ActionChunk, at step: Int) {
    if let chunk, executedSteps < chunk.horizon { forgone = chunk[executedSteps] }
    chunk = next
    executedSteps = step
    chunksBegun += 1
  }
}

extension ActionChunk {
  /// The chunk without its first steps.
  public func rest(from step: Int) -> ActionChunk {
    ActionChunk(
      horizon: horizon - step, dimension: dimension, values: Array(values[(step * dimension)...]))
  }
}

/// `‖a − b‖`
func distance(_ a: Action, _ b: Action) -> Double {
  var sum = 0.0
  for i in a.indices {
    let difference = Double(a[i]) - Double(b[i])
    sum += difference * difference
  }
  return sum.squareRoot()
}
