// Where the camera puts things, and with which colours.

import PlanarCore
import PlanarSceneDrawing
import Testing

@Suite struct CameraTests {
  let table = WorldRectangle(min: Vec2(-0.5, 0), max: Vec2(0.5, 0.5))
  let red = Color(hex: 0xd03020)

  func picture(_ items: [DrawItem], width: Int = 200, height: Int = 100) -> (Camera, Image) {
    let camera = Camera(bounds: table, width: width, height: height)
    let list = DrawList(bounds: table, background: Background(color: .white), items: items)
    return (camera, camera.render(list))
  }

  func color(_ image: Image, _ camera: Camera, at point: Vec2) -> Color {
    let pixel = camera.project(point)
    return image[Int(pixel.x), Int(pixel.y)]
  }

  @Test func projectionFlipsAndInverts() {
    let camera = Camera(bounds: table, width: 200, height: 100)
    #expect(camera.project(table.min) == Vec2(0, 100))
    #expect(camera.project(table.max) == Vec2(200, 0))
    let point = Vec2(0.123, 0.345)
    #expect((camera.unproject(camera.project(point)) - point).length < 1e-12)
  }

  @Test func shapesStandWhereTheyAreProjected() {
    let (camera, image) = picture([
      .disc(center: Vec2(-0.3, 0.4), radius: 0.05, fill: red),
      .polygon([Vec2(0.2, 0.1), Vec2(0.3, 0.1), Vec2(0.25, 0.2)], fill: .black),
      .polyline([Vec2(0, 0.3), Vec2(0.4, 0.3)], width: 0.03, color: Color(hex: 0x0000ff)),
    ])
    #expect(color(image, camera, at: Vec2(-0.3, 0.4)) == red)
    #expect(color(image, camera, at: Vec2(0.25, 0.13)) == .black)
    #expect(color(image, camera, at: Vec2(0.2, 0.3)) == Color(hex: 0x0000ff))
    #expect(color(image, camera, at: Vec2(0.2, 0.33)) == .white)
    #expect(color(image, camera, at: Vec2(-0.3, 0.1)) == .white)
  }

  @Test func laterItemsCoverEarlierOnes() {
    let disc = DrawItem.disc(center: Vec2(0, 0.25), radius: 0.1, fill: red)
    let square = DrawItem.disc(center: Vec2(0, 0.25), radius: 0.1, fill: .black)
    let (camera, image) = picture([disc, square])
    #expect(color(image, camera, at: Vec2(0, 0.25)) == .black)
    let above = camera.render(
      DrawList(bounds: table, background: Background(color: .white), items: [square]),
      overlay: [disc])
    #expect(color(above, camera, at: Vec2(0, 0.25)) == red)
  }

  @Test func discCoversItsArea() {
    let (camera, image) = picture(
      [.disc(center: Vec2(0.01, 0.22), radius: 0.1, fill: .black)], width: 400, height: 200)
    var covered = 0.0
    for y in 0..<image.height {
      for x in 0..<image.width { covered += 1 - Double(image[x, y].red) }
    }
    let radius = 0.1 * camera.scale
    #expect(abs(covered / (Double.pi * radius * radius) - 1) < 0.01)
    let left = camera.project(Vec2(0.01 - 0.1, 0.22))
    #expect(image[Int(left.x) + 2, Int(left.y)] == .black)
    #expect(image[Int(left.x) - 2, Int(left.y)] == .white)
  }

  @Test func outlineIsCentredOnTheBorder() {
    let (camera, image) = picture(
      [
        .disc(
          center: Vec2(0, 0.25), radius: 0.1, fill: red, outline: Outline(color: .black, width: 0.04))
      ], width: 400, height: 200)
    #expect(color(image, camera, at: Vec2(0.11, 0.25)) == .black)
    #expect(color(image, camera, at: Vec2(0.09, 0.25)) == .black)
    #expect(color(image, camera, at: Vec2(0.07, 0.25)) == red)
    #expect(color(image, camera, at: Vec2(0.13, 0.25)) == .white)
  }

  @Test func otherAspectsGetBars() {
    let item = DrawItem.disc(center: Vec2(0, 0), radius: 3, fill: red)
    let (tall, portrait) = picture([item], width: 100, height: 100)
    #expect(tall.project(table.max) == Vec2(100, 25))
    #expect(portrait[50, 24] == .black && portrait[50, 25] == red)
    #expect(portrait[50, 74] == red && portrait[50, 75] == .black)
    let (_, landscape) = picture([item], width: 300, height: 100)
    #expect(landscape[49, 50] == .black && landscape[50, 50] == red)
    #expect(landscape[249, 50] == red && landscape[250, 50] == .black)
  }

  @Test func backgroundTextures() {
    let camera = Camera(bounds: table, width: 200, height: 100)
    let checkered = camera.render(
      DrawList(
        bounds: table,
        background: Background(color: .white, checker: .init(color: .black, cell: 0.1))))
    #expect(color(checkered, camera, at: Vec2(0.05, 0.05)) == .black)
    #expect(color(checkered, camera, at: Vec2(0.15, 0.05)) == .white)
    #expect(color(checkered, camera, at: Vec2(-0.05, 0.05)) == .white)
    #expect(color(checkered, camera, at: Vec2(-0.05, 0.15)) == .black)
    let lit = camera.render(
      DrawList(
        bounds: table,
        background: Background(
          color: .white, gradient: .init(color: .black, direction: Vec2(2, 0)))))
    #expect(lit[1, 50].red > 0.98 && lit[198, 50].red < 0.02)
    #expect(abs(lit[100, 10].red - 0.5) < 0.02)
  }

  @Test func rasterisingAgainGivesTheSamePixels() {
    let camera = Camera(bounds: table, width: 64, height: 64)
    let list = DrawList(
      bounds: table, background: Background(color: .white),
      items: [.disc(center: Vec2(0.1, 0.2), radius: 0.1, fill: red.opacity(0.5))])
    var image = Image(width: 3, height: 3)
    camera.render(list, into: &image)
    #expect(image == camera.render(list))
    camera.render(list, into: &image)
    #expect(image == camera.render(list))
  }
}
