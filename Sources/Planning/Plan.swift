// What a planner keeps from one control step to the next: a plan and the states that it leads through.

/// A run of actions that was tried out on a fork, `[horizon, action]`, and what came of it.
struct Plan: Sendable {
  var horizon = 0
  var dimension = 0
  /// `[horizon, action]`
  var actions: [Float] = []
  /// The planning cost of each state on the way, the first one being where the plan begins: `[horizon + 1]`.
  var stateCosts: [Double] = []
  /// What a planner minimises: the states' costs after the first, and the actions' roughness.
  var cost = Double.infinity

  var isEmpty: Bool { horizon == 0 }

  func action(_ step: Int) -> ArraySlice<Float> {
    actions[step * dimension..<(step + 1) * dimension]
  }

  /// Changes the size, keeping storage; what is in it is left over from before.
  mutating func resize(horizon: Int, dimension: Int) {
    guard horizon != self.horizon || dimension != self.dimension else { return }
    self.horizon = horizon
    self.dimension = dimension
    actions = [Float](repeating: 0, count: horizon * dimension)
    stateCosts = [Double](repeating: 0, count: horizon + 1)
  }

  /// The step, from `first` on, before which the world is in a state of this cost; nil where the plan leads through
  /// none. Costs depend on every bit of a state, so equal ones mean that the plan has been followed until there.
  func step(atCost cost: Double, from first: Int) -> Int? {
    guard first < horizon else { return nil }
    return (first..<horizon).first { stateCosts[$0] == cost }
  }
}
