// Both looks of the window: every word can be read, and nothing stays of the other look.

import Foundation
import PlanarCore
import PlanarProgramTesting
import PlanarSceneDrawing
import PlanarViewer
import PlanarWindowTesting
import Testing

@Suite struct ThemeTests {
  /// The contrast ratio of the Web Content Accessibility Guidelines 2.2.
  private func contrast(_ a: Color, _ b: Color) -> Double {
    func luminance(_ color: Color) -> Double {
      func linear(_ channel: Float) -> Double {
        let value = Double(channel)
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
    let (light, dark) = (max(luminance(a), luminance(b)), min(luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)
  }

  /// Colours painted over each other.
  private func blended(_ colors: [Color]) -> Color {
    colors.dropFirst().reduce(colors[0]) { under, over in
      func mix(_ a: Float, _ b: Float) -> Float { a + (b - a) * over.alpha }
      return Color(
        red: mix(under.red, over.red), green: mix(under.green, over.green), blue: mix(under.blue, over.blue), alpha: 1)
    }
  }

  @Test(arguments: WindowTheme.allCases) func everyWordCanBeRead(theme: WindowTheme) {
    for (name, ink, grounds) in theme.palette.words {
      let ratio = contrast(ink, blended(grounds))
      #expect(ratio >= 4.5, "\(theme) \(name): \(ratio)")
    }
  }

  /// Knobs, rings and bars need less.
  @Test(arguments: WindowTheme.allCases) func whatIsNoWordCanBeSeen(theme: WindowTheme) {
    let palette = theme.palette
    for (ink, ground) in [
      (palette.faint, palette.panel), (palette.accent, palette.panel), (palette.accent, palette.surround),
      (palette.bad, palette.surround),
    ] { #expect(contrast(ink, ground) >= 3, "\(theme)") }
  }
}

@Suite(.serialized, .onOwnThreads, .enabled(if: VirtualDisplay.isPossible, "needs a display or Xvfb"))
struct ThemeWindowTests {
  private let scene = DrawList(
    bounds: WorldRectangle(min: Vec2(-0.4, -0.1), max: Vec2(0.4, 0.5)), background: Background(color: .white), items: []
  )

  private let panel = PanelModel(
    title: "Test",
    items: [
      .heading("Command"), .field(TextField(), placeholder: "type"), .readings([Reading("Time", "1 s")]),
      .choices([Choice(id: "a", label: "Flow", key: "1", isChosen: true), Choice(id: "b", label: "B", isChosen: false)]
      ),
      .switches([Switch(id: "s", label: "Fan", isOn: true)]),
      .sliders([Slider(id: "m", label: "mass", text: "× 1", share: 0.4)]),
      .plot(Plot(label: "Loss", text: "1", points: [.init(x: 0, y: 0), .init(x: 1, y: 1)], low: "0", high: "1")),
      .message("A sentence", tone: .bad),
    ], hints: [KeyHint("H", "Help")], banner: Banner(text: "Look", detail: "at this", share: 0.5),
    timeline: TimelineModel(
      steps: 0...9, position: 3, end: 20, curves: [.init("error", [.init(step: 1, value: 0.5)], ink: 0)], label: "now"))

  /// Neither paper in the dark nor slate in the light, but for the table and the letters.
  @Test func nothingOfTheOtherLookStays() throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Test", width: 1000, height: 800)
      func picture(_ theme: WindowTheme) -> Image {
        _ = window.pollEvents()
        window.use(theme)
        window.draw(scene: scene, panel: panel)
        return window.readPixels()
      }
      let light = picture(.light)
      let table = (window.project(Vec2(-0.4, 0.5)), window.project(Vec2(0.4, -0.1)))
      func share(of picture: Image, where holds: (Color) -> Bool) -> Double {
        var (count, all) = (0, 0)
        for y in 0..<picture.height {
          for x in 0..<picture.width {
            let isTable =
              (table.0.x - 2...table.1.x + 2).contains(Double(x)) && (table.0.y - 2...table.1.y + 2).contains(Double(y))
            guard !isTable else { continue }
            all += 1
            if holds(picture[x, y]) { count += 1 }
          }
        }
        return Double(count) / Double(all)
      }
      let dark = picture(.dark)
      #expect(share(of: light) { $0.green < 0.4 } < 0.03 && share(of: light) { $0.green > 0.85 } > 0.8)
      #expect(share(of: dark) { $0.green > 0.6 } < 0.03 && share(of: dark) { $0.green < 0.2 } > 0.8)
      // The table itself is the same.
      let middle = window.project(Vec2(0, 0.2))
      #expect(dark[Int(middle.x), Int(middle.y)] == light[Int(middle.x), Int(middle.y)])
      #expect(picture(.light) == light)
    }
  }
}
