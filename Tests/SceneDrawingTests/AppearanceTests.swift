// Light, shadows, textures, exposure and noise look as they are described.

import PlanarCore
import PlanarSceneDrawing
import Testing

@Suite struct AppearanceTests {
  let table = WorldRectangle(min: Vec2(-0.5, -0.5), max: Vec2(0.5, 0.5))
  let camera = Camera(
    bounds: WorldRectangle(min: Vec2(-0.5, -0.5), max: Vec2(0.5, 0.5)), width: 200, height: 200)
  let gray = Color(red: 0.5, green: 0.5, blue: 0.5)

  func color(_ image: Image, at point: Vec2) -> Color {
    let pixel = camera.project(point)
    return image[Int(pixel.x), Int(pixel.y)]
  }

  func lit(_ items: [DrawItem], _ light: Light?) -> Image {
    camera.render(DrawList(bounds: table, background: Background(color: .white), items: items, light: light))
  }

  @Test func theSideTowardsTheLightIsBrighter() {
    let relief = Relief(height: 0.03, center: .zero, radius: 0.2)
    let light = Light(direction: Vec2(3, 0), shading: 0.4)
    let square = [Vec2(-0.2, -0.2), Vec2(0.2, -0.2), Vec2(0.2, 0.2), Vec2(-0.2, 0.2)]
    for item in [
      DrawItem.disc(center: .zero, radius: 0.2, fill: gray, relief: relief),
      .polygon(square, fill: gray, relief: relief),
    ] {
      let image = lit([item], light)
      #expect(abs(color(image, at: Vec2(-0.1, 0)).red - 0.6) < 0.01)
      #expect(abs(color(image, at: .zero).red - 0.5) < 0.01)
      #expect(abs(color(image, at: Vec2(0.1, 0.1)).red - 0.4) < 0.01)
      #expect(lit([item], nil) == lit([item], Light(direction: Vec2(1, 0), shading: 0)))
    }
    // What lies in the table is not shaded.
    let flat = [DrawItem.disc(center: .zero, radius: 0.2, fill: gray)]
    #expect(lit(flat, light) == lit(flat, nil))
  }

  @Test func shadowsFallAwayFromTheLightAndUnderNeighbours() {
    let light = Light(
      direction: Vec2(0, -1), shading: 0, shadow: .init(opacity: 0.5, slope: 2, softness: 0.02))
    let relief = Relief(height: 0.03, center: .zero, radius: 0.1)
    let red = Color(hex: 0xff0000)
    let below = DrawItem.disc(center: Vec2(0, -0.19), radius: 0.05, fill: red, relief: relief)
    let image = lit([.disc(center: .zero, radius: 0.1, fill: gray, relief: relief), below], light)
    // 0.06 m down: the shadow's own border is at −0.16; the neighbour covers it from −0.14 on.
    #expect(
      color(image, at: Vec2(0.06, -0.12)).red == 127.0 / 255 || color(image, at: Vec2(0.06, -0.12)).red == 128.0 / 255)
    #expect(color(image, at: Vec2(0, -0.15)) == red)
    #expect(color(image, at: Vec2(0, 0.11)) == .white)
    let fading = color(image, at: Vec2(0.11, -0.06)).red
    #expect(fading > 0.6 && fading < 0.9)
    #expect(color(image, at: Vec2(0.14, -0.06)) == .white)
  }

  @Test func exposureMovesAndSpreadsColours() {
    var list = DrawList(
      bounds: table, background: Background(color: gray),
      items: [.disc(center: .zero, radius: 0.2, fill: Color(red: 0.7, green: 0.3, blue: 0.5))])
    list.exposure = Exposure(brightness: 0.1, contrast: 0.5)
    let image = camera.render(list, overlay: [.disc(center: Vec2(0.3, 0.3), radius: 0.05, fill: gray)])
    let disc = color(image, at: .zero)
    #expect(abs(disc.red - 0.7) < 0.005 && abs(disc.green - 0.5) < 0.005 && abs(disc.blue - 0.6) < 0.005)
    #expect(abs(color(image, at: Vec2(-0.4, 0)).red - 0.6) < 0.005)
    // Overlays are no part of what the camera sees.
    #expect(abs(color(image, at: Vec2(0.3, 0.3)).red - 0.5) < 0.005)
  }

  @Test(arguments: Background.Texture.Pattern.allCases)
  func texturesBelongToTheWorld(pattern: Background.Texture.Pattern) {
    func picture(seed: UInt32, _ pose: CameraPose = .centered) -> Image {
      Camera(bounds: table, width: 200, height: 200, pose: pose).render(
        DrawList(
          bounds: table,
          background: Background(
            color: .white,
            texture: .init(pattern, color: .black.opacity(0.8), size: 0.1, angle: 0.4, seed: seed))))
    }
    let first = picture(seed: 1)
    #expect(first == picture(seed: 1))
    if pattern != .stripes { #expect(first != picture(seed: 2)) }
    let levels = (0..<200).flatMap { y in (0..<200).map { first[$0, y].red } }
    let mean = levels.reduce(0, +) / Float(levels.count)
    let spread = (levels.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Float(levels.count)).squareRoot()
    #expect(mean > 0.3 && mean < 0.95 && spread > 0.08)
    // Moved by whole pixels, the camera sees the same pixels elsewhere.
    let moved = picture(seed: 1, CameraPose(shift: Vec2(0.05, 0.1)))
    var worst: Float = 0
    for y in 0..<180 {
      for x in 0..<190 { worst = max(worst, abs(moved[x, y + 20].red - first[x + 10, y].red)) }
    }
    #expect(worst < 0.02)
  }

  @Test func noiseHasItsDeviationAndComesFromTheStream() {
    let list = DrawList(bounds: table, background: Background(color: gray))
    let camera = Camera(bounds: table, width: 128, height: 128)
    func picture(_ noise: SensorNoise?, _ random: inout RandomStream) -> [UInt8] {
      var bytes: [UInt8] = []
      camera.observe(list, noise: noise, using: &random, into: &bytes)
      return bytes
    }
    var random = RandomStream(seed: 5)
    var again = random
    let clean = picture(nil, &random)
    #expect(random == again && clean.allSatisfy { $0 == clean[0] })
    let noisy = picture(SensorNoise(deviation: 0.04), &random)
    #expect(noisy == picture(SensorNoise(deviation: 0.04), &again))
    let next = picture(SensorNoise(deviation: 0.04), &random)
    let errors = [noisy, next].map { $0.map { Double($0) / 255 - 0.5 } }
    let count = Double(clean.count)
    for error in errors {
      #expect(abs(error.reduce(0, +) / count) < 0.001)
      #expect(abs((error.map { $0 * $0 }.reduce(0, +) / count).squareRoot() - 0.04) < 0.001)
    }
    // Neither from picture to picture nor from number to number is one told by another.
    func correlation(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Double {
      zip(a, b).map { $0 * $1 }.reduce(0, +) / count / (0.04 * 0.04)
    }
    #expect(abs(correlation(errors[0], errors[1])) < 0.03)
    for lag in [1, 2, 3, 128 * 3] { #expect(abs(correlation(errors[0], errors[0].dropFirst(lag))) < 0.03) }
  }

  @Test func blendingMovesReliefsWithTheirItems() {
    func list(_ x: Double) -> DrawList {
      DrawList(
        bounds: table, background: Background(color: .white),
        items: [
          .disc(
            center: Vec2(x, 0), radius: 0.1, fill: gray,
            relief: Relief(height: 0.03, center: Vec2(x, 0), radius: 0.1))
        ], light: Light(direction: Vec2(1, 0), shading: 0.3, shadow: .init(opacity: 0.4)))
    }
    #expect(list(0).blended(with: list(0.25), by: 0.5) == list(0.125))
  }
}
