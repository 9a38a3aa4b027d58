// The program's entry.

import PlanarCommands

@main struct Planar {
  static func main() { PlanarCommand.main() }
}
