// What an environment's resets look like, side by side.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

extension EnvironmentLibrary {
  /// A contact sheet of resets: for every level a section of `count` pictures as the top camera of the episode sees the
  /// scene, in the light that was drawn, with the command and the seed beneath.
  ///
  /// - Parameters:
  ///   - load: the environment at a level of domain randomization.
  ///   - levels: their names, in the sheet's order.
  ///   - seed: of the first picture of every level, so that pictures in the same place show the same layout.
  ///   - width: of a picture, px.
  /// - Throws: `UserError` where an environment cannot be loaded or reset.
  public static func resetSheet(
    levels: [String], count: Int = 16, seed: UInt64 = 0, width: Int = 192, columns: Int = 8,
    _ load: (_ level: String) throws -> any LibraryEnvironment
  ) throws -> ContactSheet {
    var title = ""
    var sections: [ContactSheet.Section] = []
    for level in levels {
      var world = try load(level)
      title = world.name
      var cells: [ContactSheet.Cell] = []
      for seed in seed..<seed + UInt64(count) {
        _ = try world.reset(seed: seed, command: .drawn)
        cells.append(
          ContactSheet.Cell(world.picture(width: width), caption: world.info.command, detail: "seed \(seed)"))
      }
      sections.append(ContactSheet.Section(level, note: note(on: world), cells: cells))
    }
    return ContactSheet(
      title: title, subtitle: "resets at every level of domain randomization", sections: sections,
      columns: min(columns, count), pictureWidth: width)
  }

  private static func note(on world: any LibraryEnvironment) -> String {
    let count = world.level.varied.count
    return count == 0 ? "everything nominal" : "\(count) items vary"
  }
}
