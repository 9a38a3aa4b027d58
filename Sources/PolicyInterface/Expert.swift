// Who shows how it is done: controllers that see the true state of the world.

/// A privileged controller that can act from, and label, any state of an environment.
///
/// Scripted experts keep nothing between steps but what `beginEpisode` drew; a planner may also keep its last plan as
/// the start of its next.
public protocol Expert<World>: Sendable {
  /// The environment that it sees through.
  associatedtype World: Environment
  /// Draws what the expert decides once per episode, such as the side on which it passes an object.
  mutating func beginEpisode(seed: UInt64)
  /// What the expert does in the present state of `world`.
  mutating func action(in world: World) -> Action
  /// The chunk `[horizon, action]` that the expert would execute from the present state. By default it is found by
  /// running the expert on a fork.
  mutating func chunk(from world: World, horizon: Int) -> ActionChunk
}

extension Expert {
  /// The actions of the next `horizon` steps, found by driving a fork of the world.
  public mutating func chunk(from world: World, horizon: Int) -> ActionChunk {
    var expert = self
    var fork = world
    var values: [Float] = []
    values.reserveCapacity(horizon * world.features.action.count)
    for step in 0..<horizon {
      let action = expert.action(in: fork)
      values += action
      // Nobody looks at the fork but the expert, and not at its end.
      if step < horizon - 1 { _ = fork.advance(action) }
    }
    return ActionChunk(
      horizon: horizon, dimension: world.features.action.count, values: values)
  }
}

/// An environment whose future can be tried out: what a planning expert needs.
public protocol PlannableEnvironment: Environment {
  /// How far the present state is from the goal: 0 where it holds, about 1 where an episode begins. A planner
  /// minimises its sum over the steps that it looks ahead.
  var planningCost: Double { get }
  /// Makes `other` a copy of this environment in its own storage.
  func fork(into other: inout Self)
}
