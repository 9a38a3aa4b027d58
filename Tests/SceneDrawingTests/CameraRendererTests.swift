// The same scene gives the same bytes, whoever draws it and after whatever.

import PlanarCore
import PlanarSceneDrawing
import Synchronization
import Testing

@Suite struct CameraRendererTests {
  /// Scenes of everything there is to draw.
  static func scene(_ index: Int) -> DrawList {
    var random = RandomStream(seed: UInt64(index))
    func place() -> Vec2 { Vec2(random.uniform(in: -0.4...0.4), random.uniform(in: 0...0.5)) }
    let bounds = WorldRectangle(min: Vec2(-0.4, 0), max: Vec2(0.4, 0.5))
    var list = DrawList(
      bounds: bounds,
      background: Background(
        color: Color(hex: 0xe8e2d6), checker: index % 2 == 0 ? .init(color: .white, cell: 0.07) : nil,
        texture: .init(.wood, color: Color(hex: 0xb08a5a, alpha: 0.5), size: 0.05, seed: UInt32(index / 3)),
        gradient: .init(color: .black.opacity(0.3), direction: Vec2(1, 0.5))),
      light: Light(direction: Vec2(1, -1), shading: 0.2, shadow: .init(opacity: 0.3)),
      exposure: Exposure(brightness: 0.05, contrast: 0.9))
    for _ in 0..<4 {
      let center = place()
      let line = Outline(color: .black, width: 0.004)
      let relief = Relief(height: 0.03, center: center, radius: 0.04)
      list.items.append(
        .disc(center: center, radius: 0.04, fill: Color(hex: 0xd93636), outline: line, relief: relief))
      list.items.append(
        .polygon(
          [center, center + Vec2(0.06, 0), center + Vec2(0, 0.06)], fill: Color(hex: 0x3366d9),
          outline: line, relief: relief))
    }
    list.items.append(.polyline([place(), place(), place()], width: 0.02, color: .black.opacity(0.4)))
    list.items.append(.text("zone 구역", at: place(), height: 0.08, color: .black))
    return list
  }

  static func bytes(
    _ index: Int, side: Int = 96, with renderer: CameraRenderer = CameraRenderer()
  ) -> [UInt8] {
    let scene = scene(index)
    let pose = CameraPose(shift: Vec2(0.01, 0), rotation: 0.1 * Double(index % 3), zoom: 1.1)
    var random = RandomStream(seed: UInt64(index))
    var bytes: [UInt8] = []
    renderer.render(
      scene, through: Camera(bounds: scene.bounds, width: side, height: side, pose: pose),
      noise: SensorNoise(deviation: 0.02), using: &random, into: &bytes)
    return bytes
  }

  @Test func whatWasDrawnBeforeDoesNotShow() {
    let renderer = CameraRenderer()
    for index in [0, 1, 1, 5, 2, 0] {
      #expect(Self.bytes(index, with: renderer) == Self.bytes(index))
      #expect(Self.bytes(index, side: 33, with: renderer) == Self.bytes(index, side: 33))
    }
  }

  @Test func anyNumberOfThreadsDrawsTheSame() {
    let expected = (0..<24).map { Self.bytes($0, side: 64) }
    let drawn = Mutex([[UInt8]](repeating: [], count: 24))
    parallelFor(count: 24, threads: 4) { index in
      let scene = Self.scene(index)
      let pose = CameraPose(shift: Vec2(0.01, 0), rotation: 0.1 * Double(index % 3), zoom: 1.1)
      var random = RandomStream(seed: UInt64(index))
      var bytes: [UInt8] = []
      Camera(bounds: scene.bounds, width: 64, height: 64, pose: pose)
        .observe(scene, noise: SensorNoise(deviation: 0.02), using: &random, into: &bytes)
      drawn.withLock { $0[index] = bytes }
    }
    #expect(drawn.withLock { $0 } == expected)
  }

  @Test func observationsAreTheColoursOfPictures() {
    let scene = Self.scene(3)
    for (width, height) in [(64, 64), (100, 31), (17, 50)] {
      let camera = Camera(bounds: scene.bounds, width: width, height: height, letterbox: Color(hex: 0x102030))
      var random = RandomStream(seed: 1)
      var bytes: [UInt8] = []
      camera.observe(scene, using: &random, into: &bytes)
      let image = camera.render(scene)
      #expect(bytes == image.rgb)
      #expect((0..<width * height).allSatisfy { image.pixels[$0 * 4 + 3] == 255 })
    }
  }

  @Test func placesThatAreNoNumbersOrFarAwayDoNoHarm() {
    let bounds = WorldRectangle(min: Vec2(-0.4, 0), max: Vec2(0.4, 0.5))
    let camera = Camera(bounds: bounds, width: 64, height: 64)
    let empty = DrawList(bounds: bounds, background: Background(color: .white))
    for far in [Vec2(.nan, .nan), Vec2(1e30, -1e30), Vec2(.infinity, 0), Vec2(50, 50)] {
      var list = empty
      list.items = [
        .disc(center: far, radius: 0.1, fill: .black),
        .polygon([far, far + Vec2(0.1, 0), far + Vec2(0, 0.1)], fill: .black),
        .polyline([far, far + Vec2(0.1, 0)], width: 0.1, color: .black),
        .text("far", at: far, height: 0.2, color: .black),
      ]
      _ = camera.render(list)
    }
    #expect(camera.render(empty)[32, 32] == .white)
  }

  /// Thin things fade instead of growing to a pixel's width.
  @Test func thinLinesCoverTheirArea() {
    let bounds = WorldRectangle(min: .zero, max: Vec2(1, 1))
    let camera = Camera(bounds: bounds, width: 100, height: 100)
    for (width, turn) in [(0.002, 0.0), (0.004, 0.3), (0.03, 0.7)] {
      let way = Rotation(angle: turn).direction * 0.3
      let middle = Vec2(0.503, 0.498)
      let image = camera.render(
        DrawList(
          bounds: bounds, background: Background(color: .white),
          items: [.polyline([middle - way, middle + way], width: width, color: .black, roundedCaps: false)]))
      var covered = 0.0
      for y in 0..<100 { for x in 0..<100 { covered += 1 - Double(image[x, y].red) } }
      let area = 0.6 * width * 10_000
      #expect(abs(covered / area - 1) < 0.25)
    }
  }
}
