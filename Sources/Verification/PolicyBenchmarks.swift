// How long trained policies think: one observation at a time, and many.

import PlanarArmEnvironments
import PlanarEvaluation
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// Measures a policy on first observations of its own environment, on one thread, for about `seconds` at each batch
/// size.
///
/// - Parameters:
///   - name: what the policy is called in the result.
///   - samplingSteps: in force, where they are not the checkpoint's own.
/// - Throws: `UserError` where the policy's environment cannot be loaded.
public func benchmarkPolicy(
  _ policy: TrainedPolicy, named name: String, samplingSteps: Int?, seconds: Double
) throws -> PolicyLatency {
  let requests = try firstRequests(of: policy, count: 32)
  let single = policy.makeInference(batch: 1)
  var number = 0
  let times = sortedTimes(seconds: seconds) {
    var request = [requests[number % requests.count]]
    number += 1
    _ = single.predict(&request)
  }
  let many = policy.makeInference(batch: requests.count)
  let batches = sortedTimes(seconds: seconds) {
    var all = requests
    _ = many.predict(&all)
  }
  return PolicyLatency(
    policy: name, samplingSteps: samplingSteps, medianMicroseconds: 1e6 * times[times.count / 2],
    percentile95Microseconds: 1e6 * times[min(times.count - 1, times.count * 95 / 100)],
    chunksPerSecond: Double(requests.count) / batches[batches.count / 2])
}

/// Seconds of each call, ascending: for at least `seconds` and at least 20 calls, after a few to warm up.
private func sortedTimes(seconds: Double, _ body: () -> Void) -> [Double] {
  for _ in 0..<3 { body() }
  var times: [Double] = []
  let clock = ContinuousClock()
  let start = clock.now
  var last = start
  while times.count < 20 || (last - start) / .seconds(1) < seconds {
    body()
    let now = clock.now
    times.append((now - last) / .seconds(1))
    last = now
  }
  return times.sorted()
}

/// What a policy is asked at the beginning of so many episodes.
private func firstRequests(of policy: TrainedPolicy, count: Int) throws -> [PolicyRequest] {
  var settings = policy.configuration.trainedSettings.forMeasuring
  settings.switchOnSensors(for: policy.features)
  func requests<World: LibraryEnvironment>(in world: World) throws -> [PolicyRequest] {
    var world = world.taking(actionsOf: policy.features)
    try policy.features.requireOffered(by: world.features, policy: policy.name, environment: world.name)
    return try (0..<UInt64(count)).map { seed in
      PolicyRequest(
        history: ObservationHistory(
          first: try world.reset(seed: seed, command: .drawn), horizon: policy.horizons.observation),
        noise: RandomStream(seed: seed, purpose: "benchmark"))
    }
  }
  return try requests(
    in: EnvironmentLibrary.environment(named: policy.configuration.environment, settings: settings))
}
