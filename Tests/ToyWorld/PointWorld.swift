// A point mass between two goals: the smallest environment with commands, an expert and chance.

import PlanarCore
import PlanarPolicyInterface

/// A point that moves by 0.1 × action; "go to red" and "go to blue" name the two goals.
///
/// Starting place and goals come from the seed, and so does a gust that shifts every step a little.
public struct PointWorld: PlannableEnvironment {
  /// How reports call it.
  public let name = "point"
  /// There is one level.
  public let randomization = "none"
  /// 10 Hz, in s.
  public let controlPeriod = 0.1
  /// Steps until an episode is truncated.
  public var maximumSteps = 40
  /// Of the present episode.
  public private(set) var info = EpisodeInfo(
    seed: 0, command: "", drawnCommand: "", goal: [:], draws: [:])

  /// Where the point is.
  public private(set) var position = Vec2.zero
  /// Where the goals are, by colour.
  public private(set) var goals: [String: Vec2] = [:]
  private var gusts = RandomStream(seed: 0)
  private var steps = 0

  /// A world before its first reset.
  public init() {}

  /// The point, and the two goals in random order.
  public let features = FeatureSet(
    proprioception: FeatureSpec(name: "observation.state", shape: [2], elements: ["x (m)", "y (m)"]),
    objects: FeatureSpec(
      name: "observation.environment_state", shape: [2, 3], elements: ["x (m)", "y (m)", "red"]),
    action: FeatureSpec(name: "action", shape: [2], elements: ["dx", "dy"]))

  /// Draws point and goals.
  ///
  /// - Throws: `UserError` where a command of text names no colour.
  public mutating func reset(seed: UInt64, command: CommandChoice) throws -> Observation {
    var stream = RandomStream(seed: seed, purpose: "scene")
    func draw(_ x: ClosedRange<Double>) -> Vec2 {
      Vec2(stream.uniform(in: x), stream.uniform(in: -1...1))
    }
    position = draw(-0.2...0.2)
    goals = ["red": draw(-1.0 ... -0.5), "blue": draw(0.5...1.0)]
    let drawn = stream.integer(below: 2) == 0 ? "red" : "blue"
    let color: String
    switch command {
    case .drawn: color = drawn
    case .swapped: color = drawn == "red" ? "blue" : "red"
    case .text(let text): color = try Self.color(in: text)
    case .wordings, .unsaid: color = drawn
    }
    info = EpisodeInfo(
      seed: seed, command: "go to \(color)", drawnCommand: "go to \(drawn)", goal: ["color": color],
      draws: ["gust": 0.01])
    gusts = RandomStream(seed: seed, purpose: "gusts")
    steps = 0
    return observation
  }

  /// Moves by 0.1 × action, limited to ±1, and a gust; true where the goal is reached.
  public mutating func advance(_ action: Action) -> Bool {
    let move = Vec2(Double(max(-1, min(1, action[0]))), Double(max(-1, min(1, action[1]))))
    position += move * 0.1 + Vec2(gusts.normal(), gusts.normal()) * 0.01
    steps += 1
    return isAt(info.goal["color"]!)
  }

  /// `advance`, with the observation behind it; the reward is minus the distance that is left.
  public mutating func step(_ action: Action) -> Transition {
    let reached = advance(action)
    return Transition(
      observation: observation, reward: -(goal - position).length, terminated: reached,
      truncated: !reached && steps >= maximumSteps)
  }

  /// Whether the point is where the command says.
  ///
  /// - Throws: `UserError` where it names no colour.
  public func achieves(command: String) throws -> Bool { isAt(try Self.color(in: command)) }

  /// The distance that is left.
  public var planningCost: Double { (goal - position).length }

  /// Copies the world.
  public func fork(into other: inout PointWorld) { other = self }

  /// Where the command points.
  public var goal: Vec2 { goals[info.goal["color"]!]! }

  private func isAt(_ color: String) -> Bool { (goals[color]! - position).length < 0.06 }

  private var observation: Observation {
    let objects = [("red", Float(1)), ("blue", 0)].flatMap { color, isRed in
      [Float(goals[color]!.x), Float(goals[color]!.y), isRed]
    }
    return Observation(
      proprioception: [Float(position.x), Float(position.y)], objects: objects,
      command: info.command)
  }

  private static func color(in command: String) throws -> String {
    guard let color = ["red", "blue"].first(where: command.hasSuffix) else {
      throw UserError("no goal is named in '\(command)'; goals are red and blue")
    }
    return color
  }
}

/// Goes straight to the goal, by a detour of its episode's side: stochastic once per episode.
public struct PointExpert: Expert {
  private var side = 0.0
  /// An expert that goes straight until an episode begins.
  public init() {}

  /// Draws the side of the episode's detour.
  public mutating func beginEpisode(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "side")
    side = stream.integer(below: 2) == 0 ? -0.3 : 0.3
  }

  /// A move towards the goal, at most 1 long.
  public func action(in world: PointWorld) -> Action {
    let error = world.goal - world.position
    let way = error + error.perpendicular * side
    let move = (way / 0.1).clamped(toLength: 1)
    return [Float(move.x), Float(move.y)]
  }
}
