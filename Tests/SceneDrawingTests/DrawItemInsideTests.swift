// Items that end at a rectangle's border.

import PlanarCore
import PlanarSceneDrawing
import Testing

@Suite struct DrawItemInsideTests {
  let area = WorldRectangle(min: Vec2(0, 0), max: Vec2(2, 1))

  func path(_ points: [Vec2]) -> [Vec2] {
    guard case .polyline(let path, _, _, _) = DrawItem.polyline(points, width: 0.1, color: .black).kept(inside: area)
    else { return [] }
    return path
  }

  @Test func linesEndAtTheBorder() {
    #expect(path([Vec2(0.5, 0.5), Vec2(1, 0.2)]) == [Vec2(0.5, 0.5), Vec2(1, 0.2)])
    #expect(path([Vec2(1, -1), Vec2(1, 0.5), Vec2(1.5, 0.5)]) == [Vec2(1, 0), Vec2(1, 0.5), Vec2(1.5, 0.5)])
    #expect(path([Vec2(-1, 0.25), Vec2(3, 0.25)]) == [Vec2(0, 0.25), Vec2(2, 0.25)])
    #expect(path([Vec2(0.5, 0.5), Vec2(0.5, 2), Vec2(1, 2), Vec2(1, 0.5)]).count == 4)
  }

  @Test func whatLiesOutsideIsNotSeen() {
    guard
      case .polyline(_, let width, _, _) = DrawItem.polyline([Vec2(3, 3), Vec2(4, 3)], width: 0.1, color: .black)
        .kept(inside: area)
    else { return #expect(Bool(false)) }
    #expect(width == 0)
    guard
      case .disc(_, let radius, _, _, _) = DrawItem.disc(center: Vec2(3, 0), radius: 0.2, fill: .black)
        .kept(inside: area)
    else { return #expect(Bool(false)) }
    #expect(radius == 0)
    let disc = DrawItem.disc(center: Vec2(1.9, 0.5), radius: 0.2, fill: .black)
    #expect(disc.kept(inside: area) == disc)
  }

  @Test func polygonsAreCutOff() {
    let square = [Vec2(1.5, 0.2), Vec2(2.5, 0.2), Vec2(2.5, 0.8), Vec2(1.5, 0.8)]
    guard case .polygon(let part, _, _, _) = DrawItem.polygon(square, fill: .black).kept(inside: area) else { return }
    #expect(Set(part.map { "\($0.x) \($0.y)" }) == ["1.5 0.2", "2.0 0.2", "2.0 0.8", "1.5 0.8"])
    // Its corners are all outside, and it covers everything.
    let large = [Vec2(-1, -1), Vec2(5, -1), Vec2(5, 3), Vec2(-1, 3)]
    guard case .polygon(let all, _, _, _) = DrawItem.polygon(large, fill: .black).kept(inside: area) else { return }
    #expect(Set(all.map { "\($0.x) \($0.y)" }) == ["0.0 0.0", "2.0 0.0", "2.0 1.0", "0.0 1.0"])
    guard
      case .polygon(let none, _, _, _) = DrawItem.polygon(large.map { $0 + Vec2(9, 0) }, fill: .black)
        .kept(inside: area)
    else { return }
    #expect(none.allSatisfy { $0 == none[0] })
  }

  @Test func movedItemsAreTheSameElsewhere() {
    let relief = Relief(height: 0.1, center: Vec2(1, 1), radius: 0.2)
    let moved = DrawItem.polygon([Vec2(0, 0), Vec2(1, 0), Vec2(0, 1)], fill: .black, relief: relief).moved(
      by: Vec2(1, -2))
    let expected = Relief(height: 0.1, center: Vec2(2, -1), radius: 0.2)
    #expect(moved == .polygon([Vec2(1, -2), Vec2(2, -2), Vec2(1, -1)], fill: .black, relief: expected))
  }
}
