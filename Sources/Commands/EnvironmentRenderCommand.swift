// planar environment render: a picture of many resets.

import ArgumentParser
import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarPolicyInterface
import PlanarSceneDrawing

struct EnvironmentRenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Draw resets at every level of domain randomization, as one PNG.",
    discussion: """
      A section for every level, 16 pictures each: what the top camera of the
      episode sees, in the light that was drawn, with the episode's command beneath.
      Pictures in the same place of two sections have the same seed, and so the same
      layout and command; only what the level changes differs.

      Examples:
        planar environment render push
        planar environment render push --level wide --level real --output looks.png
        planar environment render pick-place --seed 100 --size 320
        planar environment render reach --robot gantry --language ko
      """)

  @Argument(help: "The environment, a folder under Environments/, or a path.")
  var name: String

  @Option(help: "A level; may be given again. Default: all of the environment's.")
  var level: [String] = []

  @Option(within: SeedRanges.all, help: "Seed of the first picture of every level.")
  var seed: UInt64 = 0

  @Option(within: 1...400, help: "Pictures of every level.")
  var count = 16

  @Option(within: 48...1_024, help: "Width of a picture, px.")
  var size = 192

  @Option(help: "A robot of Environments/robots in place of the environment's own.")
  var robot: String?

  @Option(help: "The language of the commands: en, ko or any.")
  var language = CommandLanguage.english

  @Option(help: "The PNG file to write. Default: <name>-resets.png.")
  var output: String?

  func run() throws {
    let folder = try EnvironmentLibrary.folder(of: name)
    let description = try EnvironmentDescription(folder: folder, robot: robot)
    let known = description.levels.map(\.name)
    for wanted in level where !known.contains(wanted) {
      let hint =
        nearestName(to: wanted, among: known).map { "did you mean '\($0)'?" }
        ?? "choose from \(known.joined(separator: ", "))"
      throw UserError("environment '\(description.name)' has no randomization level '\(wanted)'; \(hint)")
    }
    // The file is claimed before the work; it gets its place when it is whole.
    let file = URL(fileURLWithPath: output ?? "\(description.name)-resets.png")
    var picture = try PartialFile(replacing: file)
    let sheet = try EnvironmentLibrary.resetSheet(
      levels: level.isEmpty ? known : level, count: count, seed: seed, width: size
    ) { level in
      var settings = EnvironmentSettings(randomization: level)
      settings.robot = robot
      settings.language = language
      return try EnvironmentLibrary.environment(named: name, settings: settings)
    }
    try picture.write(Data(sheet.render().pngData()))
    try picture.commit()
    print(file.relativePath)
  }
}
