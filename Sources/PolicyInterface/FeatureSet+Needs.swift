// Whether an environment offers what a policy needs, and the features of several robots in one.

import PlanarCore

extension FeatureSet {
  /// Checks that a policy made for `self` can run on what `offered` gives.
  ///
  /// A policy that names its robots may know of more joints than the robot at hand has: those stay zero.
  ///
  /// - Throws: `UserError` that names the feature that is missing or differs, and how to switch it on.
  public func requireOffered(by offered: FeatureSet, policy: String, environment: String) throws {
    try requireRobot(of: offered, policy: policy, environment: environment)
    try action.require(offered.action, policy: policy, environment: environment)
    for need in observations where need.count > 0 {
      if need.name == FeatureName.state, !robots.isEmpty { continue }
      try need.require(offered[need.name], policy: policy, environment: environment)
    }
  }

  private func requireRobot(of offered: FeatureSet, policy: String, environment: String) throws {
    guard !robots.isEmpty else { return }
    let known = robots.joined(separator: ", ")
    guard let robot = offered.robots.first, robots.contains(robot) else {
      throw UserError(
        "policy '\(policy)' serves the robots \(known), but environment '\(environment)' has \(offered.robots.first ?? "one without a name"); give --robot"
      )
    }
    let unknown = offered.proprioception.elements.filter { !proprioception.elements.contains($0) }
    guard unknown.isEmpty else {
      throw UserError(
        "the robot \(robot) tells \(unknown.joined(separator: ", ")), which policy '\(policy)' was never shown; it was trained on another \(robot)"
      )
    }
  }

  /// Whether the same numbers stand in the same places, of observations and actions; what else is told of them may
  /// differ.
  public func hasLayout(of other: FeatureSet) -> Bool {
    action.hasLayout(of: other.action) && observesLayout(of: other)
  }

  /// Whether the same is observed, whatever the actions are.
  public func observesLayout(of other: FeatureSet) -> Bool {
    observations.count == other.observations.count
      && zip(observations, other.observations).allSatisfy { $0.hasLayout(of: $1) }
  }

  /// The features of several robots in the same task: all elements of their proprioceptions, by name, in order of
  /// first mention.
  ///
  /// - Throws: `UserError` where anything but robot and proprioception differs.
  public static func joining(_ sets: [FeatureSet]) throws -> FeatureSet {
    guard var joined = sets.first else { preconditionFailure("there is nothing to join") }
    for set in sets.dropFirst() {
      var rest = set
      rest.proprioception = joined.proprioception
      rest.robots = joined.robots
      // Where a robot tells the commanded tip is its own affair; the joined features begin with the first one's.
      rest.action.anchors = joined.action.anchors
      guard rest == joined else {
        throw UserError(
          "the robots \(joined.robots.joined(separator: ", ")) and \(set.robots.joined(separator: ", ")) do not share their actions and what they observe besides joints, which one policy needs; record both in the same environment with the same sensors"
        )
      }
      joined.robots += set.robots.filter { !joined.robots.contains($0) }
      joined.proprioception = joined.proprioception.joined(with: set.proprioception)
    }
    return joined
  }
}

extension FeatureSpec {
  /// Checks that a feature is offered, and in the same layout.
  fileprivate func require(_ offered: FeatureSpec?, policy: String, environment: String) throws {
    guard let offered else {
      let mend = sensorSwitch.map { "switch on \($0.sensor) with \($0.option)" }
      throw UserError(
        "policy '\(policy)' needs \(name) \(shape), which environment '\(environment)' does not show; \(mend ?? "use a checkpoint trained for this environment")"
      )
    }
    guard !hasLayout(of: offered) else { return }
    if let sensorSwitch {
      throw UserError(
        "policy '\(policy)' needs \(name) \(shape), but environment '\(environment)' shows \(offered.shape); give \(sensorSwitch.option)"
      )
    }
    throw UserError(
      "policy '\(policy)' needs the feature \(name) \(shape), but environment '\(environment)' offers \(offered.name) \(offered.shape)\(difference(from: offered)); use a checkpoint trained for this environment"
    )
  }

  /// ", which lacks …", with three names at most; empty where the elements are the same.
  private func difference(from offered: FeatureSpec) -> String {
    func some(_ names: [String]) -> String {
      names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
    let missing = elements.filter { !offered.elements.contains($0) }
    let extra = offered.elements.filter { !elements.contains($0) }
    if !missing.isEmpty { return ", which lacks \(some(missing))" }
    if !extra.isEmpty { return ", which has \(some(extra)) besides" }
    return elements == offered.elements ? "" : ", whose elements stand in another order"
  }

  /// The elements of both, one axis.
  fileprivate func joined(with other: FeatureSpec) -> FeatureSpec {
    let fresh = other.elements.indices.filter { !elements.contains(other.elements[$0]) }
    var bounds = self.bounds
    if let own = bounds, let others = other.bounds {
      bounds = own + fresh.map { others[$0] }
    } else {
      bounds = nil
    }
    let all = elements + fresh.map { other.elements[$0] }
    return FeatureSpec(name: name, shape: [all.count], elements: all, bounds: bounds)
  }
}
