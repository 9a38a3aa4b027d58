// What a policy is shown at one control step, and what it answers.

import PlanarCore

/// One observation: named arrays, and the command.
///
/// ```swift
/// observation.floats("observation.touch")   // empty where it is not observed
/// ```
public struct Observation: Equatable, Sendable {
  /// Which arrays there are, and where each stands in `floats` or `bytes`.
  public private(set) var layout = ObservationLayout()
  /// The numbers of all `float32` arrays.
  public private(set) var floats: [Float] = []
  /// The numbers of all `uint8` arrays.
  public private(set) var bytes: [UInt8] = []
  /// The command, as typed.
  public var command: String

  /// One without arrays.
  public init(command: String) { self.command = command }

  /// Exactly these numbers.
  public init(layout: ObservationLayout, floats: [Float], bytes: [UInt8] = [], command: String) {
    precondition(
      floats.count == layout.floatCount && bytes.count == layout.byteCount, "an observation has its layout's numbers")
    self.layout = layout
    self.floats = floats
    self.bytes = bytes
    self.command = command
  }

  /// Numbers that `fill` writes, all of them, to memory that is not yet initialized.
  public init(
    layout: ObservationLayout, command: String,
    fill: (_ floats: UnsafeMutableBufferPointer<Float>, _ bytes: UnsafeMutableBufferPointer<UInt8>) -> Void
  ) {
    self.layout = layout
    self.command = command
    var bytes: [UInt8] = []
    floats = [Float](unsafeUninitializedCapacity: layout.floatCount) { floats, floatCount in
      let ownFloats = UnsafeMutableBufferPointer(rebasing: floats[..<layout.floatCount])
      floatCount = layout.floatCount
      // An array of no capacity is the one empty array that all threads share: not even a count of 0 is written to it.
      guard layout.byteCount > 0 else { return fill(ownFloats, UnsafeMutableBufferPointer(start: nil, count: 0)) }
      bytes = [UInt8](unsafeUninitializedCapacity: layout.byteCount) { bytes, byteCount in
        fill(ownFloats, .init(rebasing: bytes[..<layout.byteCount]))
        byteCount = layout.byteCount
      }
    }
    self.bytes = bytes
  }

  /// The numbers of a `float32` array; none where it is not observed.
  public func floats(_ name: String) -> [Float] {
    guard let field = layout.field(name), field.dtype == .float32 else { return [] }
    return field.count == floats.count ? floats : Array(floats[field.range])
  }

  /// The numbers of a `uint8` array; none where it is not observed.
  public func bytes(_ name: String) -> [UInt8] {
    guard let field = layout.field(name), field.dtype == .uint8 else { return [] }
    return field.count == bytes.count ? bytes : Array(bytes[field.range])
  }

  /// Changes the numbers of a `float32` array. A new one is added behind the others; one without numbers is taken away.
  public mutating func set(_ name: String, floats values: [Float]) {
    if let field = layout.field(name), field.dtype == .float32, field.count == values.count {
      floats.replaceSubrange(field.range, with: values)
    } else {
      remove(name)
      layout.append(name, .float32, count: values.count)
      floats += values
    }
  }

  /// Changes the numbers of a `uint8` array. A new one is added behind the others; one without numbers is taken away.
  public mutating func set(_ name: String, bytes values: [UInt8]) {
    if let field = layout.field(name), field.dtype == .uint8, field.count == values.count {
      bytes.replaceSubrange(field.range, with: values)
    } else {
      remove(name)
      layout.append(name, .uint8, count: values.count)
      bytes += values
    }
  }

  /// Whether the arrays that both have are the same, and the command is.
  public func agrees(with other: Observation) -> Bool {
    command == other.command
      && layout.fields.allSatisfy { field in
        guard other.layout.field(field.name) != nil else { return true }
        switch field.dtype {
        case .float32: return floats(field.name) == other.floats(field.name)
        case .uint8: return bytes(field.name) == other.bytes(field.name)
        }
      }
  }

  /// Takes an array away, where there is one of this name.
  public mutating func remove(_ name: String) {
    guard let field = layout.field(name) else { return }
    switch field.dtype {
    case .float32: floats.removeSubrange(field.range)
    case .uint8: bytes.removeSubrange(field.range)
    }
    layout.remove(name)
  }
}

/// One action, each number in [−1, 1].
public typealias Action = [Float]

/// A run of consecutive actions, `[horizon, action]`, row-major.
public struct ActionChunk: Equatable, Sendable {
  /// How many actions there are.
  public let horizon: Int
  /// Numbers of an action.
  public let dimension: Int
  /// `[horizon, dimension]`, row-major.
  public var values: [Float]

  /// A chunk of these values, `[horizon, dimension]`.
  public init(horizon: Int, dimension: Int, values: [Float]) {
    precondition(values.count == horizon * dimension, "a chunk holds horizon × action numbers")
    self.horizon = horizon
    self.dimension = dimension
    self.values = values
  }

  /// The action of a step, from 0.
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
  /// Observations that a policy looks at.
  public var observation: Int
  /// Actions that a policy predicts.
  public var prediction: Int
  /// Actions of them that are executed before the next look.
  public var execution: Int

  /// The defaults of all shipped policies but where their recipe says otherwise.
  public init(observation: Int = 2, prediction: Int = 16, execution: Int = 8) {
    self.observation = observation
    self.prediction = prediction
    self.execution = execution
  }
}

extension Horizons: Limited {
  /// How long horizons may be.
  public enum Limits {
    /// Observations that are looked at.
    public static let observation = 1...64
    /// Steps that are predicted or executed.
    public static let steps = 1...1_024
  }

  /// Every horizon's.
  public static var limits: [NumberLimit<Horizons>] {
    [
      NumberLimit("observation", Limits.observation) { $0.observation },
      NumberLimit("prediction", Limits.steps) { $0.prediction },
      NumberLimit("execution", Limits.steps) { $0.execution },
    ]
  }
}

/// The last To observations of an episode, oldest first; at the start the first one stands repeated.
public struct ObservationHistory: Equatable, Sendable {
  /// The last observations, the oldest first.
  public private(set) var observations: [Observation]

  /// An episode's first observation, repeated to fill the horizon.
  public init(first: Observation, horizon: Int) {
    observations = Array(repeating: first, count: horizon)
  }

  /// Exactly these observations, oldest first.
  public init(_ observations: [Observation]) { self.observations = observations }

  /// Adds an observation, and drops the oldest.
  public mutating func append(_ observation: Observation) {
    observations.removeFirst()
    observations.append(observation)
  }

  /// The newest observation.
  public var latest: Observation { observations[observations.count - 1] }
}
