// Lines of text: they grow with their letters, stand at their anchor, and never fail.

import PlanarCore
import PlanarSceneDrawing
import Testing

@Suite struct TextTests {
  @Test func widthGrowsWithTextAndSize() {
    let short = TextBitmap("push", size: 16)
    let long = TextBitmap("push the red box", size: 16)
    let large = TextBitmap("push", size: 32)
    #expect(long.advance > 2 * short.advance)
    #expect(abs(large.advance / short.advance - 2) < 0.1)
    #expect(short.height == long.height)
    #expect(short.coverage.contains { $0 > 200 })
    #expect(short.coverage.count == short.width * short.height)
  }

  @Test(arguments: ["", "빨간 상자를 왼쪽으로 밀어", "red 빨강 mixed", "a\0b\nc", "👩🏽‍🚀 \u{202e}x", "ㅎㅏ"])
  func anyTextIsSet(text: String) {
    let bitmap = TextBitmap(text, size: 20)
    #expect(bitmap.height > 0 && bitmap.advance >= 0)
  }

  @Test func anchorsPutTextBesideOrAroundItsPosition() {
    let bounds = WorldRectangle(min: Vec2(-1, -1), max: Vec2(1, 1))
    let camera = Camera(bounds: bounds, width: 200, height: 200)
    func inkedColumns(_ anchor: TextAnchor) -> (first: Int, last: Int) {
      let image = camera.render(
        DrawList(
          bounds: bounds, background: Background(color: .white),
          items: [.text("HHHH", at: .zero, height: 0.2, color: .black, anchor: anchor)]))
      let columns = (0..<200).filter { x in (0..<200).contains { image[x, $0].red < 0.5 } }
      return (columns.first ?? -1, columns.last ?? -1)
    }
    let (leading, center, trailing) = (
      inkedColumns(.leading), inkedColumns(.center), inkedColumns(.trailing)
    )
    #expect(leading.first >= 100 && leading.first < 105)
    #expect(trailing.last < 100 && trailing.last > 94)
    #expect(abs((center.first + center.last) - 199) <= 3)
  }
}
