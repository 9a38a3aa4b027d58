// A batch does what its environments would do by themselves, for any number of threads.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

/// Actions that differ by environment and step.
private func actions(_ step: Int, count: Int, dimension: Int) -> [Float] {
  var random = RandomStream(seed: 4, purpose: "batch actions", index: step)
  return (0..<count * dimension).map { _ in Float(random.uniform(in: -1.2...1.2)) }
}

/// An environment with short episodes, so that there are resets.
private func shortWorld(image: Bool = false) throws -> ArmEnvironment {
  let copy = try EnvironmentCopy()
  try copy.edit("time_limit: 25", to: "time_limit: 1.5")
  var settings = EnvironmentSettings(randomization: "wide")
  if image { settings.image = PictureSize(width: 16, height: 12) }
  settings.touch = true
  return try ArmEnvironment(folder: copy.folder, settings: settings)
}

@Suite struct BatchTests {
  @Test(arguments: [1, 2, 3, 7])
  func aBatchIsItsEnvironmentsOneByOne(threads: Int) throws {
    let world = try shortWorld()
    let count = 37
    let dimension = world.features.action.count
    let batch = try EnvironmentBatch(world, count: count, firstSeed: 100, threads: threads)
    var singles = Array(repeating: world, count: count)
    var seeds = (0..<count).map { UInt64(100 + $0) }
    var ended = Array(repeating: false, count: count)
    var observations = try singles.indices.map { try singles[$0].reset(seed: seeds[$0], command: .drawn) }
    #expect(batch.observations.floats("observation.state").elementsEqual(observations.flatMap(\.proprioception)))
    #expect(batch.outcomes.allSatisfy { $0.began })
    for step in 0..<40 {
      let all = actions(step, count: count, dimension: dimension)
      try batch.step(all)
      for i in 0..<count {
        if ended[i] {
          seeds[i] += UInt64(count)
          observations[i] = try singles[i].reset(seed: seeds[i], command: .drawn)
          ended[i] = false
          let outcome = batch.outcomes[i]
          #expect(outcome.reward == 0 && outcome.began && !outcome.terminated && !outcome.truncated)
        } else {
          let transition = singles[i].step(Array(all[i * dimension..<(i + 1) * dimension]))
          observations[i] = transition.observation
          ended[i] = transition.terminated || transition.truncated
          let outcome = batch.outcomes[i]
          #expect(outcome.reward == Float(transition.reward) && !outcome.began)
          #expect(outcome.terminated == transition.terminated && outcome.truncated == transition.truncated)
          #expect(outcome.succeeded == transition.succeeded)
        }
        #expect(batch.environments[i].physics.stateHash == singles[i].physics.stateHash)
      }
      for feature in world.features.observations {
        #expect(
          batch.observations.floats(feature.name).elementsEqual(observations.flatMap { $0.floats(feature.name) }))
      }
      #expect(batch.observations.floats("observation.touch").count == 2 * count)
      #expect(batch.commands == observations.map(\.command))
    }
    #expect(seeds.contains { $0 >= 100 + UInt64(2 * count) })
  }

  @Test func picturesAreThoseOfSingleEnvironments() throws {
    let world = try shortWorld(image: true)
    let batch = try EnvironmentBatch(world, count: 5, threads: 2)
    var singles = Array(repeating: world, count: 5)
    for i in singles.indices { _ = try singles[i].reset(seed: UInt64(i), command: .drawn) }
    let all = actions(0, count: 5, dimension: 2)
    try batch.step(all)
    let images = singles.indices.map { singles[$0].step(Array(all[2 * $0..<2 * $0 + 2])).observation.image }
    #expect(batch.observations.bytes("observation.images.top").elementsEqual(images.flatMap(\.self)))
    #expect(images.flatMap(\.self).count == 5 * 12 * 16 * 3)
  }

  @Test func withoutAutoresetEpisodesStayWhereTheyEnded() throws {
    let batch = try EnvironmentBatch(shortWorld(), count: 3, autoreset: .disabled)
    for _ in 0..<15 { try batch.step(Array(repeating: 0, count: 6)) }
    #expect(batch.outcomes.map(\.truncated) == [true, true, true])
    let before = batch.observations.floats("observation.state")
    try batch.reset(1, seed: 77)
    #expect(batch.outcomes.map(\.truncated) == [true, false, true] && batch.outcomes[1].began)
    let width = batch.features.proprioception.count
    let after = batch.observations.floats("observation.state")
    #expect(after[..<width] == before[..<width])
    #expect(after[width..<2 * width] != before[width..<2 * width])
    #expect(batch.environments[1].info.seed == 77)
  }
}
