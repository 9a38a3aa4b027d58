// The planner as an expert: it solves what it was not made for, the same way every time, and disturbs nothing.

import PlanarArmEnvironments
import CPlanarAllocations
import PlanarCore
import PlanarPlanning
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

private func outcomes<World: PlannableEnvironment>(
  in world: World, seeds: Range<UInt64>, _ configuration: PlannerConfiguration, threads: Int = 1
) throws -> [RolloutEpisode] {
  try rollOut(
    RolloutPlan(
      world: world, seeds: Array(seeds), driver: .expert(PlanningExpert<World>(configuration)),
      recording: Recording(
        keepsFrames: true, labeller: PlanningExpert<World>(configuration), labels: .everyFrames(5)),
      threads: threads, blockSize: 2))
}

/// Little enough for many episodes.
private let quick = PlannerConfiguration(horizon: 20, samples: 24, maximumIterations: 4, roughnessCost: 0.1)

@Suite struct PlanningExpertTests {
  @Test(arguments: PlannerConfiguration.Method.allCases)
  func itReachesTheGoalsOfAPointThroughGusts(method: PlannerConfiguration.Method) throws {
    var configuration = quick
    configuration.method = method
    let results = try outcomes(in: PointWorld(), seeds: 0..<10, configuration)
    #expect(results.allSatisfy { $0.outcome.success })
  }

  @Test(arguments: PlannerConfiguration.Method.allCases)
  func itParksACartBesideThePuddle(method: PlannerConfiguration.Method) throws {
    var configuration = quick
    configuration.method = method
    let results = try outcomes(in: Cart(), seeds: 0..<10, configuration)
    #expect(results.allSatisfy { $0.outcome.success })
  }

  @Test func itSolvesPushT() throws {
    let results = try outcomes(
      in: PushTEnvironment(), seeds: 100_000..<100_003, PlannerConfiguration())
    #expect(results.allSatisfy { $0.outcome.success })
    #expect(results.allSatisfy { $0.outcome.steps < 150 })
  }

  @Test func plansDependOnTheSeedAlone() throws {
    let once = try outcomes(in: Cart(), seeds: 0..<6, quick, threads: 1)
    #expect(try outcomes(in: Cart(), seeds: 0..<6, quick, threads: 3) == once)
    var world = Cart()
    _ = world.reset(seed: 1, command: .drawn)
    var expert = PlanningExpert<Cart>(quick)
    expert.beginEpisode(seed: 1)
    let chunk = expert.chunk(from: world, horizon: 8)
    // Another episode in between leaves nothing behind.
    expert.beginEpisode(seed: 2)
    #expect(expert.chunk(from: world, horizon: 8) != chunk)
    expert.beginEpisode(seed: 1)
    #expect(expert.chunk(from: world, horizon: 8) == chunk)
  }

  @Test func planningDisturbsNothing() throws {
    var world = try PushTEnvironment()
    _ = try world.reset(seed: 100_000, command: .drawn)
    var untouched = try PushTEnvironment()
    _ = try untouched.reset(seed: 100_000, command: .drawn)
    var expert = PlanningExpert<PushTEnvironment>(quick)
    for _ in 0..<20 {
      let action = expert.action(in: world)
      #expect(world.simulation.stateHash == untouched.simulation.stateHash)
      #expect(world.step(action).observation == untouched.step(action).observation)
    }
  }

  /// A copy of the expert does what its chunk says until it would plan again.
  @Test func aChunkIsWhatIsExecuted() throws {
    var configuration = quick
    configuration.executionSteps = 5
    var world = Cart()
    _ = world.reset(seed: 3, command: .drawn)
    var expert = PlanningExpert<Cart>(configuration)
    expert.beginEpisode(seed: 3)
    for _ in 0..<4 {
      let chunk = expert.chunk(from: world, horizon: 8)
      #expect(chunk.horizon == 8 && chunk.dimension == 2)
      var driver = expert
      for step in 0..<5 {
        let action = driver.action(in: world)
        #expect(action == chunk[step])
        _ = world.step(action)
      }
    }
    // A chunk may be longer than the plans that are executed.
    #expect(expert.chunk(from: world, horizon: 40).horizon == 40)
  }

  /// Wherever it is put, even between two calls, its chunk is better than to coast, and much better on the whole.
  @Test func anyStateIsLabelled() throws {
    var expert = PlanningExpert<Cart>(quick)
    expert.beginEpisode(seed: 0)
    var places = RandomStream(seed: 5)
    var (planned, coasted) = (0.0, 0.0)
    func cost(_ chunk: ActionChunk, from start: Cart) -> Double {
      var world = start
      return (0..<chunk.horizon).reduce(0) { sum, step in
        if !world.isParked { _ = world.advance(chunk[step]) }
        return world.isParked ? sum : sum + world.planningCost
      }
    }
    for _ in 0..<20 {
      var world = Cart()
      world.position = Vec2(places.uniform(in: -1...1), places.uniform(in: -1...1))
      world.velocity = Vec2(places.uniform(in: -0.5...0.5), places.uniform(in: -0.5...0.5))
      let nothing = ActionChunk(horizon: 20, dimension: 2, values: [Float](repeating: 0, count: 40))
      let (plan, coast) = (cost(expert.chunk(from: world, horizon: 20), from: world), cost(nothing, from: world))
      #expect(plan < coast)
      planned += plan
      coasted += coast
    }
    #expect(planned < 0.7 * coasted)
  }

  /// The total cost of the states that episodes lead through.
  private func totalCost(_ configuration: PlannerConfiguration) throws -> Double {
    try outcomes(in: Cart(), seeds: 20..<40, configuration).reduce(0) {
      $0 - $1.outcome.totalReward
    }
  }

  /// With as many rollouts: all at once around nothing, or in rounds that learn from each other.
  @Test(arguments: PlannerConfiguration.Method.allCases)
  func searchingBeatsShootingAtRandom(method: PlannerConfiguration.Method) throws {
    var search = PlannerConfiguration(
      method: method, horizon: 30, executionSteps: 30, samples: 32, iterations: 6,
      freshIterations: 6, maximumIterations: 6, leastNoise: 0.05, roughnessCost: 0, elites: 6)
    let found = try totalCost(search)
    search.method = .predictive
    search.samples *= 6
    (search.iterations, search.freshIterations, search.maximumIterations) = (1, 1, 1)
    search.leastNoise = search.noise
    let shot = try totalCost(search)
    #expect(found < 0.9 * shot, "\(method): \(found) against \(shot)")
  }

  @Test func tryingPlansAllocatesNothing() {
    func allocations(samples: Int) -> UInt64 {
      var world = Cart()
      _ = world.reset(seed: 0, command: .drawn)
      var configuration = quick
      configuration.samples = samples
      configuration.maximumIterations = 1
      var expert = PlanningExpert<Cart>(configuration)
      expert.beginEpisode(seed: 0)
      for _ in 0..<3 { _ = world.advance(expert.action(in: world)) }
      let before = thread_allocations().calls
      for _ in 0..<6 { _ = world.advance(expert.action(in: world)) }
      return thread_allocations().calls - before
    }
    #expect(allocations(samples: 16) == allocations(samples: 256))
  }
}
