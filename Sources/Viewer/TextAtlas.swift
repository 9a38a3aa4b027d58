// Rasterised lines of text in one texture, so that a text is set once and drawn many times.

import CPlanarGLFW
import PlanarCore
import PlanarSceneDrawing

/// A texture filled in shelves from the top; when it is full, it is emptied and filled again. OpenGL
/// frees it with the window's context.
final class TextAtlas {
  /// A text in the texture.
  struct Entry {
    /// Corners in the texture, [0, 1]².
    var texture: (min: Vec2, max: Vec2)
    /// px
    var size: Vec2
    /// px
    var advance: Double
    /// Row of the baseline from the top, px.
    var baseline: Double
    /// px
    var capitalHeight: Double
  }

  private struct Request: Hashable {
    var text: String
    var size: Double
    var weight: TextWeight
  }

  private static let side = 2048
  private var texture: GLuint = 0
  private var entries: [Request: Entry] = [:]
  private var advances: [Request: Double] = [:]
  private var pen = (x: 0, y: 0)
  private var shelfHeight = 0

  init() {
    glGenTextures(1, &texture)
    glBindTexture(gl(GL_TEXTURE_2D), texture)
    glTexImage2D(
      gl(GL_TEXTURE_2D), 0, GL_R8, GLsizei(Self.side), GLsizei(Self.side), 0, gl(GL_RED),
      gl(GL_UNSIGNED_BYTE), nil)
    for (parameter, value) in [
      (GL_TEXTURE_MIN_FILTER, GL_LINEAR), (GL_TEXTURE_MAG_FILTER, GL_LINEAR),
      (GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE), (GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE),
    ] { glTexParameteri(gl(GL_TEXTURE_2D), gl(parameter), value) }
  }

  func bind() {
    glActiveTexture(gl(GL_TEXTURE0))
    glBindTexture(gl(GL_TEXTURE_2D), texture)
  }

  /// How wide a text is, px.
  func advance(of text: String, size: Double, weight: TextWeight) -> Double {
    let request = Request(text: text, size: size, weight: weight)
    if let known = entries[request]?.advance ?? advances[request] { return known }
    if advances.count > 10_000 { advances.removeAll() }
    let advance = TextBitmap.advance(of: text, size: size, weight: weight)
    advances[request] = advance
    return advance
  }

  /// Where a text stands in the texture; it is drawn there first where needed.
  ///
  /// - Parameter beforeEmptying: called when older texts are about to go: draw what still uses them.
  func entry(
    for text: String, size: Double, weight: TextWeight, beforeEmptying: () -> Void
  ) -> Entry {
    let request = Request(text: text, size: size, weight: weight)
    if let entry = entries[request] { return entry }
    let bitmap = TextBitmap(text, size: size, weight: weight)
    // What is larger than the whole texture is cut.
    let width = min(bitmap.width, Self.side)
    let height = min(bitmap.height, Self.side)
    if pen.x + width > Self.side {
      pen = (0, pen.y + shelfHeight)
      shelfHeight = 0
    }
    if pen.y + height > Self.side {
      beforeEmptying()
      entries.removeAll(keepingCapacity: true)
      pen = (0, 0)
      shelfHeight = 0
    }
    bind()
    glPixelStorei(gl(GL_UNPACK_ALIGNMENT), 1)
    glPixelStorei(gl(GL_UNPACK_ROW_LENGTH), GLint(bitmap.width))
    bitmap.coverage.withUnsafeBytes {
      glTexSubImage2D(
        gl(GL_TEXTURE_2D), 0, GLint(pen.x), GLint(pen.y), GLsizei(width), GLsizei(height),
        gl(GL_RED), gl(GL_UNSIGNED_BYTE), $0.baseAddress)
    }
    glPixelStorei(gl(GL_UNPACK_ROW_LENGTH), 0)
    let side = Double(Self.side)
    let corner = Vec2(Double(pen.x), Double(pen.y)) / side
    let entry = Entry(
      texture: (corner, corner + Vec2(Double(width), Double(height)) / side),
      size: Vec2(Double(width), Double(height)), advance: bitmap.advance,
      baseline: bitmap.baseline, capitalHeight: bitmap.capitalHeight)
    entries[request] = entry
    pen.x += width
    shelfHeight = max(shelfHeight, height)
    return entry
  }
}
