// The commands of episodes that shipped checkpoints were measured on stay what they were.

import PlanarArmEnvironments
import Foundation
import PlanarPolicyInterface
import Testing

@Test func pushEpisodesKeepTheirCommands() throws {
  let url = try #require(
    Bundle.module.url(forResource: "push-commands", withExtension: "txt", subdirectory: "Resources"))
  let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
  #expect(lines.count == 200)
  var environment = try ArmEnvironment(randomization: "train")
  for line in lines {
    let parts = line.split(separator: " ", maxSplits: 1)
    let seed = try #require(UInt64(parts[0]))
    _ = try environment.reset(seed: seed, command: .drawn)
    #expect(environment.info.command == parts[1], "seed \(seed)")
  }
}
