// A sheet holds its pictures in order, with words beneath.

import PlanarCore
import PlanarSceneDrawing
import Testing

@Suite struct ContactSheetTests {
  func plain(_ color: Color, width: Int = 50, height: Int = 40) -> Image {
    Camera(bounds: WorldRectangle(min: .zero, max: Vec2(Double(width), Double(height))), width: width, height: height)
      .render(
        DrawList(
          bounds: WorldRectangle(min: .zero, max: Vec2(Double(width), Double(height))),
          background: Background(color: color)))
  }

  /// Rows of a sheet's column that show exactly one colour.
  func rows(of color: Color, in sheet: Image, x: Int) -> [Int] { (0..<sheet.height).filter { sheet[x, $0] == color } }

  @Test func picturesStandInAGrid() {
    let colors = [Color(hex: 0xff0000), Color(hex: 0x00ff00), Color(hex: 0x0000ff)]
    let sheet = ContactSheet(
      title: "push",
      sections: [
        .init("train", cells: colors.map { .init(plain($0), caption: "a caption") }),
        .init("wide", cells: [.init(plain(Color(hex: 0x00ffff)), caption: "빨간 상자")]),
      ], columns: 2, pictureWidth: 100
    ).render()
    #expect(sheet.width == 2 * 32 + 200 + 14)
    let (left, right) = (32 + 50, 32 + 114 + 50)
    let first = rows(of: colors[0], in: sheet, x: left)
    let second = rows(of: colors[1], in: sheet, x: right)
    let third = rows(of: colors[2], in: sheet, x: left)
    let last = rows(of: Color(hex: 0x00ffff), in: sheet, x: left)
    // Twice as wide as the pictures, so twice as high.
    #expect(first.count == 80 && second == first)
    #expect(third.count == 80 && third[0] > first[79] && last[0] > third[79])
    #expect(rows(of: colors[2], in: sheet, x: right).isEmpty)
    func ink(below row: Int) -> Bool {
      (row + 3..<row + 25).contains { y in (32..<132).contains { sheet[$0, y].red < 0.5 } }
    }
    #expect(ink(below: first[79]) && ink(below: last[79]))
  }

  @Test func longCaptionsAreWrappedAndCut() {
    func height(_ caption: String) -> Int {
      ContactSheet(
        title: "t", sections: [.init("s", cells: [.init(plain(.black), caption: caption)])], columns: 1,
        pictureWidth: 120
      ).render().height
    }
    let one = height("short")
    let two = height("this one is too long for one line")
    #expect(two > one)
    let most = height(String(repeating: "endless words ", count: 40))
    #expect(most == height(String(repeating: "빨간상자를왼쪽으로", count: 40)))
    #expect(most - one == 2 * (two - one))
  }

  @Test func aSheetWithoutPicturesIsAPage() {
    let sheet = ContactSheet(title: "", sections: [.init("none", cells: [])], columns: 3).render()
    #expect(sheet.height > 60 && sheet[1, 1] == .white)
  }
}
