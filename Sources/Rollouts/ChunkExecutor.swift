// Receding-horizon execution of action chunks in one episode.

import PolicyInterface

/// Holds an episode's observation history and the chunk being executed, and says when a new one is due.
///
/// ```
///   needsChunk → begin(chunk) → nextAction() … nextAction() → needsChunk → …
///                               └ execution horizon times ┘
///   after every environment step: observe(observation)
/// ```
public struct ChunkExecutor: Sendable {
  /// Control steps executed of each chunk (Ta).
  public let executionHorizon: Int
  /// The last To observations, oldest first.
  public private(set) var history: ObservationHistory
  /// The chunk being executed, if any has begun.
  public private(set) var chunk: ActionChunk?
  /// Steps of `chunk` already handed out.
  public private(set) var executedSteps = 0

  /// Starts an episode at its first observation.
  public init(first: Observation, observationHorizon: Int, executionHorizon: Int) {
    precondition(observationHorizon > 0 && executionHorizon > 0, "horizons are positive")
    history = ObservationHistory(first: first, horizon: observationHorizon)
    self.executionHorizon = executionHorizon
  }

  /// Whether a new chunk must begin before the next action.
  public var needsChunk: Bool { chunk == nil || executedSteps == executionHorizon }

  /// Begins a chunk `[prediction horizon ≥ execution horizon, action]`; an unfinished one is dropped.
  public mutating func begin(_ chunk: ActionChunk) {
    precondition(chunk.horizon >= executionHorizon, "a chunk must last for the execution horizon")
    self.chunk = chunk
    executedSteps = 0
  }

  /// Hands out the chunk's next action.
  public mutating func nextAction() -> Action {
    guard let chunk, executedSteps < executionHorizon else {
      preconditionFailure("a chunk must begin before an action is taken from it")
    }
    executedSteps += 1
    return chunk[executedSteps - 1]
  }

  /// Adds what the environment showed after a step.
  public mutating func observe(_ observation: Observation) { history.append(observation) }
}
