// Edges in the window fade as an ideal camera's do, though no pixel has more than one sample.

import PlanarCore
import PlanarProgramTesting
import PlanarSceneDrawing
import PlanarViewer
import PlanarWindowTesting
import Testing

@Suite(.serialized, .onOwnThreads, .enabled(if: VirtualDisplay.isPossible, "needs a display or Xvfb"))
struct SmoothEdgeTests {
  private static let table = WorldRectangle(min: .zero, max: Vec2(0.4, 0.3))

  /// A path with bends of every sharpness, and one that crosses itself.
  private static let wave = (0...60).map { step in
    Vec2(0.03 + 0.0055 * Double(step), 0.15 + 0.05 * Rotation(angle: 0.5 * Double(step)).direction.y)
  }
  private static let knot = [Vec2(0.05, 0.05), Vec2(0.33, 0.2), Vec2(0.3, 0.26), Vec2(0.1, 0.08), Vec2(0.2, 0.27)]

  private static let shapes: [(String, DrawItem)] = [
    ("triangle", .polygon([Vec2(0.05, 0.04), Vec2(0.35, 0.1), Vec2(0.13, 0.27)], fill: .black)),
    ("the other way round", .polygon([Vec2(0.13, 0.27), Vec2(0.35, 0.1), Vec2(0.05, 0.04)], fill: .black)),
    ("sliver", .polygon([Vec2(0.05, 0.1), Vec2(0.35, 0.16), Vec2(0.35, 0.1615), Vec2(0.05, 0.1015)], fill: .black)),
    ("disc", .disc(center: Vec2(0.2, 0.15), radius: 0.1, fill: .black)),
    ("line", .polyline(wave, width: 0.004, color: .black)),
    ("translucent line", .polyline(wave, width: 0.004, color: .black.opacity(0.5))),
    ("wide translucent line", .polyline(knot, width: 0.03, color: .black.opacity(0.5))),
    ("flat line", .polyline(knot, width: 0.02, color: .black.opacity(0.5), roundedCaps: false)),
    ("flat piece", .polyline([Vec2(0.1, 0.1), Vec2(0.3, 0.19)], width: 0.02, color: .black, roundedCaps: false)),
  ]

  @Test func edgesFadeAsAnIdealCamerasDo() throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Test", width: 900, height: 600)
      for (name, item) in Self.shapes {
        let scene = DrawList(bounds: Self.table, background: Background(color: .white), items: [item])
        _ = window.pollEvents()
        window.draw(scene: scene, panel: PanelModel(title: "Test"))
        let shown = window.readPixels()
        let corner = window.project(Vec2(Self.table.min.x, Self.table.max.y))
        let far = window.project(Vec2(Self.table.max.x, Self.table.min.y))
        let (left, top) = (Int(corner.x.rounded()), Int(corner.y.rounded()))
        let (width, height) = (Int((far.x - corner.x).rounded()), Int((far.y - corner.y).rounded()))
        // The mean of 8 × 8 sharp pixels of a camera that sees the very same rectangle.
        func world(_ x: Int, _ y: Int) -> Vec2 {
          let scale = (far.x - corner.x) / Self.table.width
          return Vec2(
            Self.table.min.x + (Double(x) - corner.x) / scale, Self.table.max.y - (Double(y) - corner.y) / scale)
        }
        let (high, low) = (world(left, top), world(left + width, top + height))
        let fine = Camera(
          bounds: WorldRectangle(min: Vec2(high.x, low.y), max: Vec2(low.x, high.y)), width: 8 * width,
          height: 8 * height
        ).render(scene)
        var (edges, total, rough) = (0, 0.0, 0)
        for y in 1..<height - 1 {
          for x in 1..<width - 1 {
            var sum = 0
            for row in 0..<8 {
              for column in 0..<8 { sum += Int(fine.pixels[((8 * y + row) * 8 * width + 8 * x + column) * 4]) }
            }
            let ideal = Double(sum) / (64 * 255)
            let here = Double(shown.pixels[((top + y) * shown.width + left + x) * 4]) / 255
            let difference = abs(ideal - here)
            if difference > 0.25 { rough += 1 }
            if difference > 0.001 { edges += 1 }
            total += difference
          }
        }
        // At a sharp corner a pixel may differ; without smooth edges hundreds do.
        let mean = total / Double(max(1, edges))
        #expect(rough <= 8 && mean < 0.06, "\(name): \(rough) pixels differ much, \(edges) by \(mean)")
      }
    }
  }
}
