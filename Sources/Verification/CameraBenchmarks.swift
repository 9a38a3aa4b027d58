// How many pictures a second the camera draws for policies that see.

import Foundation
import PlanarCore
import PlanarSceneDrawing
import Synchronization

/// Measures the camera at 64, 96 and 128 px, for about `seconds` each.
///
/// Every picture has six objects, four zones and an arm, elsewhere in each of 64 scenes that take turns. *Flat* pictures
/// have plain colours; *shaded* ones add outlines, a wooden table, a gradient of light, light on the objects and their
/// soft shadows. The table stays the same, as in an episode; *new table* draws it again for every picture; *noise* adds
/// the sensor's noise to shaded pictures.
///
/// - Parameter threads: how many threads draw, each with a renderer of its own; rates are of all together.
public func benchmarkCamera(
  seconds: Double, threads: [Int], progress: any ProgressReporter = SilentProgress()
) -> [BenchmarkResult] {
  var results: [BenchmarkResult] = []
  let styles = CameraScene.Style.allCases
  let total = 3 * styles.count * (threads.count + 1)
  func add(_ name: String, _ unit: String, threads: Int = 1, _ value: Double) {
    results.append(BenchmarkResult(name: name, value: value, unit: unit, threads: threads))
    progress.report(stage: "measuring", done: results.count, total: total, note: name)
  }
  for side in [64, 96, 128] {
    for style in styles {
      let name = "camera_\(side)_\(style.rawValue)"
      for count in threads {
        add(name + "_frames_per_s", "frames/s", threads: count, frameRate(seconds, side, style, threads: count))
      }
      add(name + "_bytes_per_frame", "bytes", bytesPerFrame(side, style))
    }
  }
  return results
}

/// Pictures per second of all threads together.
private func frameRate(_ seconds: Double, _ side: Int, _ style: CameraScene.Style, threads: Int) -> Double {
  let rates = Mutex(0.0)
  parallelFor(count: threads, threads: threads) { index in
    let scene = CameraScene(side: side, style: style, seed: UInt64(index))
    let rate = perSecond(for: seconds) { scene.drawNext() }
    rates.withLock { $0 += rate }
  }
  return rates.withLock { $0 }
}

/// What a picture asks of the memory once all scenes have been drawn.
private func bytesPerFrame(_ side: Int, _ style: CameraScene.Style) -> Double {
  let scene = CameraScene(side: side, style: style, seed: 0)
  for _ in 0..<2 * CameraScene.count { scene.drawNext() }
  let bytes = allocatedBytes { for _ in 0..<CameraScene.count { scene.drawNext() } }
  return Double(bytes) / Double(CameraScene.count)
}

/// Scenes that one renderer draws in turn.
private final class CameraScene {
  enum Style: String, CaseIterable {
    case flat, shaded
    case newTable = "shaded_new_table"
    case noise = "shaded_noise"
  }

  static let count = 64
  private let renderer = CameraRenderer()
  private let camera: Camera
  private let noise: SensorNoise?
  private let lists: [DrawList]
  private var random: RandomStream
  private var bytes: [UInt8] = []
  private var next = 0

  init(side: Int, style: Style, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "camera benchmark")
    let table = WorldRectangle(min: Vec2(-0.35, 0), max: Vec2(0.35, 0.7))
    camera = Camera(bounds: table, width: side, height: side)
    noise = style == .noise ? SensorNoise(deviation: 0.02) : nil
    lists = (0..<CameraScene.count).map { index in
      CameraScene.draw(in: table, style, table: style == .newTable ? UInt32(index) : 0, &random)
    }
    self.random = random
  }

  func drawNext() {
    renderer.render(lists[next], through: camera, noise: noise, using: &random, into: &bytes)
    next = (next + 1) % CameraScene.count
  }

  private static func draw(
    in bounds: WorldRectangle, _ style: Style, table: UInt32, _ random: inout RandomStream
  ) -> DrawList {
    let isShaded = style != .flat
    var list = DrawList(bounds: bounds, background: Background(color: Color(hex: 0xe8e2d6)))
    if isShaded {
      list.background.texture = .init(.wood, color: Color(hex: 0xb08a5a, alpha: 0.6), size: 0.05, seed: table)
      list.background.gradient = .init(color: .black.opacity(0.25), direction: Vec2(1, 0.4))
      list.light = Light(direction: Vec2(1, -0.6), shading: 0.2, shadow: .init(opacity: 0.3))
    }
    func outline(_ color: Color, _ width: Double) -> PlanarSceneDrawing.Outline? {
      isShaded ? PlanarSceneDrawing.Outline(color: color, width: width) : nil
    }
    let ink = Color(hex: 0x6b6558)
    for center in [Vec2(-0.25, 0.35), Vec2(0.25, 0.35), Vec2(0, 0.6), Vec2(0, 0.1)] {
      list.items.append(
        .disc(center: center, radius: 0.07, fill: ink.opacity(0.1), outline: outline(ink.opacity(0.45), 0.0015)))
      list.items.append(.text("zone", at: center, height: 0.024, color: ink))
    }
    for (index, color) in [0xd93636, 0x33a655, 0x3366d9, 0xf2c933, 0x8a4fbf, 0xe8832a].enumerated() {
      let center = Vec2(random.uniform(in: -0.3...0.3), random.uniform(in: 0.05...0.65))
      let turn = Rotation(angle: random.uniform(in: 0...6.28))
      let fill = Color(hex: UInt32(color))
      let line = outline(fill.mixed(with: .black, by: 0.35), 0.003)
      let relief = Relief(height: 0.03, center: center, radius: 0.04)
      let corners = index % 3 + 2
      if corners == 2 {
        list.items.append(.disc(center: center, radius: 0.03, fill: fill, outline: line, relief: relief))
      } else {
        let points = (0..<corners).map { corner in
          let spoke = Rotation(angle: 2 * Double.pi * Double(corner) / Double(corners)).direction
          return center + turn.apply(spoke) * 0.04
        }
        list.items.append(.polygon(points, fill: fill, outline: line, relief: relief))
      }
    }
    let elbow = Vec2(random.uniform(in: -0.2...0.2), 0.2)
    let wrist = Vec2(random.uniform(in: -0.2...0.2), 0.4)
    let tip = Vec2(random.uniform(in: -0.2...0.2), random.uniform(in: 0.3...0.6))
    let joints = [Vec2(0, -0.2), elbow, wrist, tip]
    list.items.append(.polyline(joints, width: 0.022, color: Color(hex: 0x4a5058, alpha: 0.35)))
    list.items += joints.dropLast().map {
      .disc(center: $0, radius: 0.014, fill: Color(hex: 0x4a5058, alpha: 0.75))
    }
    list.items.append(
      .disc(center: tip, radius: 0.012, fill: Color(hex: 0x23272c), outline: outline(.white, 0.002)))
    return list
  }
}
