// A displaced camera shows the same world elsewhere.

import PlanarCore
import PlanarSceneDrawing
import Testing

@Suite struct CameraPoseTests {
  let table = WorldRectangle(min: Vec2(-0.5, 0), max: Vec2(0.5, 0.5))
  let pose = CameraPose(shift: Vec2(0.05, -0.03), rotation: 0.3, zoom: 1.4)

  func camera(_ pose: CameraPose, width: Int = 200, height: Int = 100) -> Camera {
    Camera(bounds: table, width: width, height: height, pose: pose)
  }

  @Test func projectionInverts() {
    let camera = camera(pose)
    for point in [Vec2(0.1, 0.2), Vec2(-0.4, 0.5), Vec2(3, -2)] {
      #expect((camera.unproject(camera.project(point)) - point).length < 1e-12)
    }
    #expect((camera.unproject(Vec2(100, 50)) - (table.center + pose.shift)).length < 1e-12)
  }

  @Test func eachPartOfThePoseMovesThePictureItsWay() {
    let middle = Vec2(100, 50)
    // The camera moves right, so the scene moves left.
    #expect(camera(CameraPose(shift: Vec2(0.1, 0))).project(table.center) == middle - Vec2(20, 0))
    // The camera turns left, so the scene turns right: what was to the right goes down.
    let turned = camera(CameraPose(rotation: Double.pi / 2)).project(table.center + Vec2(0.1, 0))
    #expect((turned - middle - Vec2(0, 20)).length < 1e-9)
    let near = camera(CameraPose(zoom: 2))
    #expect(near.scale == 400)
    #expect(near.project(table.center + Vec2(0.1, 0)) == middle + Vec2(40, 0))
  }

  @Test func thingsStandWhereTheyAreProjected() {
    let camera = camera(pose)
    let red = Color(hex: 0xd03020)
    let centers = [Vec2(0.1, 0.2), Vec2(-0.1, 0.3), Vec2(0.2, 0.1)]
    let image = camera.render(
      DrawList(
        bounds: table, background: Background(color: .white),
        items: [
          .disc(center: centers[0], radius: 0.02, fill: red),
          .polygon([Vec2(-0.12, 0.28), Vec2(-0.08, 0.28), Vec2(-0.1, 0.34)], fill: red),
          .polyline([centers[2] - Vec2(0.03, 0), centers[2] + Vec2(0.03, 0)], width: 0.02, color: red),
        ]))
    for center in centers {
      let pixel = camera.project(center)
      #expect(image[Int(pixel.x), Int(pixel.y)] == red)
    }
    // 0.01 m is 2.8 px here.
    let beside = camera.project(centers[2] + Vec2(0, 0.025))
    #expect(image[Int(beside.x), Int(beside.y)] == .white)
  }

  @Test func theTableGoesOnBeyondItsBoundsBetweenTheSameBars() {
    let camera = camera(CameraPose(shift: Vec2(1, 1), rotation: 1), width: 100, height: 100)
    let image = camera.render(DrawList(bounds: table, background: Background(color: .white)))
    #expect(image[0, 25] == .white && image[99, 74] == .white)
    #expect(image[0, 24] == .black && image[99, 75] == .black)
  }

  @Test func letteringTurnsWithTheTable() {
    func extent(_ pose: CameraPose) -> (width: Int, height: Int) {
      let image = camera(pose).render(
        DrawList(
          bounds: table, background: Background(color: .white),
          items: [.text("HHHHHH", at: table.center, height: 0.1, color: .black)]))
      let inked = (0..<100).flatMap { y in (0..<200).filter { image[$0, y].red < 0.5 }.map { ($0, y) } }
      let (xs, ys) = (inked.map(\.0), inked.map(\.1))
      return ((xs.max() ?? 0) - (xs.min() ?? 0), (ys.max() ?? 0) - (ys.min() ?? 0))
    }
    let upright = extent(.centered)
    let turned = extent(CameraPose(rotation: Double.pi / 2))
    #expect(upright.width > 3 * upright.height && upright.height > 5)
    #expect(abs(turned.height - upright.width) <= 2 && abs(turned.width - upright.height) <= 2)
  }
}
