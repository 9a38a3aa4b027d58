// Names for colours as people give them.

import PlanarCore
import PlanarSceneDrawing
import Testing

@Suite struct ColorNameTests {
  let palette: [(name: String, color: Color)] = [
    ("red", Color(hex: 0xd93636)), ("green", Color(hex: 0x33a655)), ("blue", Color(hex: 0x3366d9)),
    ("yellow", Color(hex: 0xf2c933)),
  ]

  @Test(arguments: [
    (0xd93636, "red"), (0x801818, "red"), (0x206030, "green"), (0x9cc4f4, "blue"), (0x102a66, "blue"),
    (0xa08420, "yellow"), (0xf0e8a0, "yellow"),
  ])
  func shadesKeepTheirName(hex: Int, name: String) {
    #expect(nearestColorName(of: Color(hex: UInt32(hex)), in: palette) == name)
  }

  @Test func anEmptyPaletteHasNoName() { #expect(nearestColorName(of: .black, in: []) == nil) }

  @Test func colorsMovedAsFarAsWideRandomizationDoesAreStillTold() {
    var random = RandomStream(seed: 1)
    var told = 0
    for index in 0..<4000 {
      let (name, color) = palette[index % palette.count]
      func moved(_ value: Float) -> Float { min(1, max(0, value + Float(random.uniform(in: -0.15...0.15)))) }
      let seen = Color(red: moved(color.red), green: moved(color.green), blue: moved(color.blue))
      if nearestColorName(of: seen, in: palette) == name { told += 1 }
    }
    #expect(told >= 3980)
  }
}
