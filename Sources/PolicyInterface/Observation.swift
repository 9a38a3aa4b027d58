// What a policy is shown at one control step, and what it answers.

/// One observation.
public struct Observation: Equatable, Sendable {
  /// `observation.state`, `[proprioception]`.
  public var proprioception: [Float]
  /// `observation.environment_state`, `[objects, features]`, row-major.
  public var objects: [Float]
  /// The command, as typed.
  public var command: String
  /// `observation.images.top`, `[height, width, 3]`, row-major from the top left; empty without a camera.
  public var image: [UInt8]
  /// `observation.touch`, `[touch]`; empty where it is not observed.
  public var touch: [Float]

  public init(
    proprioception: [Float], objects: [Float], command: String, image: [UInt8] = [],
    touch: [Float] = []
  ) {
    self.proprioception = proprioception
    self.objects = objects
    self.command = command
    self.image = image
    self.touch = touch
  }
}

/// One action, each number in [−1, 1].
public typealias Action = [Float]

/// A run of consecutive actions, `[horizon, action]`, row-major.
public struct ActionChunk: Equatable, Sendable {
  public let horizon: Int
  public let dimension: Int
  public var values: [Float]

  public init(horizon: Int, dimension: Int, values: [Float]) {
    precondition(values.count == horizon * dimension, "a chunk holds horizon × action numbers")
    self.horizon = horizon
    self.dimension = dimension
    self.values = values
  }

  public subscript(step: Int) -> Action {
    Array(values[step * dimension..<(step + 1) * dimension])
  }
}

/// The three horizons of chunked policies (Chi et al. 2023), in control steps.
///
/// ```
///            now
///   |o o|                    observation horizon To = 2
///     |a a a a a a a a a a|  prediction horizon  Tp: the chunk starts at the newest observation
///     |x x x x|              execution horizon   Ta: then the policy is asked again
/// ```
public struct Horizons: Codable, Equatable, Sendable {
  public var observation: Int
  public var prediction: Int
  public var execution: Int

  public init(observation: Int = 2, prediction: Int = 16, execution: Int = 8) {
    self.observation = observation
    self.prediction = prediction
    self.execution = execution
  }
}

/// The last To observations of an episode, oldest first; at the start the first one stands repeated.
public struct ObservationHistory: Equatable, Sendable {
  public private(set) var observations: [Observation]

  public init(first: Observation, horizon: Int) {
    observations = Array(repeating: first, count: horizon)
  }

  /// Exactly these observations, oldest first.
  public init(_ observations: [Observation]) { self.observations = observations }

  public mutating func append(_ observation: Observation) {
    observations.removeFirst()
    observations.append(observation)
  }

  public var latest: Observation { observations[observations.count - 1] }
}
