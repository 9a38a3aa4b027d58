// What is drawn into: a picture that can be shown and read.

import CPlanarGLFW
import PlanarSceneDrawing

/// A framebuffer of the window's size. An own one, because a hidden window's pixels are undefined, and the window's own
/// are lost whenever they were shown. OpenGL frees it with the window's context.
///
/// It has one sample a pixel: shapes fade at their edges by themselves (see `ShapeMesh`). Its pixels lie as windows have them
/// in memory, the uppermost row first and blue before red, so that a software renderer shows it by copying.
final class RenderTarget {
  private(set) var width = 0
  private(set) var height = 0
  /// Whether the window itself is drawn into.
  private(set) var isWindow = false
  private var picture: GLuint = 0
  private var colors: GLuint = 0
  private var depths: GLuint = 0

  /// Gives the target a size, px, and makes it the one drawn into. What was drawn stays, unless the size is another one.
  func begin(width: Int, height: Int) {
    if (width, height) != (self.width, self.height) { allocate(width: width, height: height) }
    isWindow = false
    glBindFramebuffer(gl(GL_FRAMEBUFFER), picture)
    glViewport(0, 0, GLsizei(width), GLsizei(height))
  }

  /// Fills an area with a colour.
  func clear(_ area: PixelArea, color: Color) {
    scissor(area)
    glClearColor(color.red, color.green, color.blue, 1)
    glClear(GLbitfield(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT))
  }

  /// Limits what is drawn to an area.
  func scissor(_ area: PixelArea) {
    glEnable(gl(GL_SCISSOR_TEST))
    // OpenGL counts the window's rows from the lowest.
    let row = isWindow ? height - area.y - area.height : area.y
    glScissor(GLint(area.x), GLint(row), GLsizei(area.width), GLsizei(area.height))
  }

  /// Copies a part of another picture whose rows lie the same way, and whose upper left pixel belongs at a place.
  func copy(_ area: PixelArea, from source: GLuint, at place: (x: Int, y: Int)) {
    glDisable(gl(GL_SCISSOR_TEST))
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), source)
    let (left, top) = (GLint(area.x), GLint(area.y))
    let (right, low) = (left + GLint(area.width), top + GLint(area.height))
    let (x, y) = (GLint(place.x), GLint(place.y))
    glBlitFramebuffer(
      left - x, top - y, right - x, low - y, left, top, right, low, GLbitfield(GL_COLOR_BUFFER_BIT), gl(GL_NEAREST))
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), picture)
  }

  /// Copies the picture to the window.
  func present() {
    glDisable(gl(GL_SCISSOR_TEST))
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), picture)
    glBindFramebuffer(gl(GL_DRAW_FRAMEBUFFER), 0)
    let (right, low) = (GLint(width), GLint(height))
    // The window's first row is the lowest.
    glBlitFramebuffer(0, 0, right, low, 0, low, right, 0, GLbitfield(GL_COLOR_BUFFER_BIT), gl(GL_NEAREST))
  }

  /// Makes the window itself the one drawn into.
  func beginOnWindow() {
    isWindow = true
    glBindFramebuffer(gl(GL_FRAMEBUFFER), 0)
    glDisable(gl(GL_SCISSOR_TEST))
    glClear(GLbitfield(GL_DEPTH_BUFFER_BIT))
  }

  /// The picture.
  func readPixels() -> Image {
    var pixels = [UInt8](repeating: 0, count: width * height * 4)
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), picture)
    glPixelStorei(gl(GL_PACK_ALIGNMENT), 1)
    glReadPixels(0, 0, GLsizei(width), GLsizei(height), gl(GL_RGBA), gl(GL_UNSIGNED_BYTE), &pixels)
    for index in 0..<width * height { pixels[index * 4 + 3] = 255 }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// What the window itself shows, before it is shown.
  func readWindow() -> Image {
    var rows = [UInt8](repeating: 0, count: width * height * 4)
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), 0)
    glPixelStorei(gl(GL_PACK_ALIGNMENT), 1)
    glReadPixels(0, 0, GLsizei(width), GLsizei(height), gl(GL_RGBA), gl(GL_UNSIGNED_BYTE), &rows)
    let stride = width * 4
    let pixels = (0..<height).reversed().flatMap { rows[$0 * stride..<($0 + 1) * stride] }
    return Image(width: width, height: height, pixels: pixels)
  }

  private func allocate(width: Int, height: Int) {
    release()
    self.width = width
    self.height = height
    colors = Self.makeTexture()
    Self.allocate(width: width, height: height)
    glGenRenderbuffers(1, &depths)
    glBindRenderbuffer(gl(GL_RENDERBUFFER), depths)
    glRenderbufferStorage(gl(GL_RENDERBUFFER), gl(GL_DEPTH_COMPONENT24), GLsizei(width), GLsizei(height))
    glGenFramebuffers(1, &picture)
    glBindFramebuffer(gl(GL_FRAMEBUFFER), picture)
    glFramebufferTexture2D(gl(GL_FRAMEBUFFER), gl(GL_COLOR_ATTACHMENT0), gl(GL_TEXTURE_2D), colors, 0)
    glFramebufferRenderbuffer(gl(GL_FRAMEBUFFER), gl(GL_DEPTH_ATTACHMENT), gl(GL_RENDERBUFFER), depths)
  }

  private func release() {
    guard width > 0 else { return }
    glDeleteFramebuffers(1, &picture)
    glDeleteTextures(1, &colors)
    glDeleteRenderbuffers(1, &depths)
  }

  /// A texture without pixels, bound to the first unit.
  static func makeTexture() -> GLuint {
    var texture: GLuint = 0
    glGenTextures(1, &texture)
    glActiveTexture(gl(GL_TEXTURE0))
    glBindTexture(gl(GL_TEXTURE_2D), texture)
    for (parameter, value) in [
      (GL_TEXTURE_MIN_FILTER, GL_NEAREST), (GL_TEXTURE_MAG_FILTER, GL_NEAREST),
      (GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE), (GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE),
    ] { glTexParameteri(gl(GL_TEXTURE_2D), gl(parameter), value) }
    return texture
  }

  /// Gives the bound texture room, in the order of colours that windows have.
  static func allocate(width: Int, height: Int) {
    glTexImage2D(
      gl(GL_TEXTURE_2D), 0, GL_RGBA8, GLsizei(width), GLsizei(height), 0, gl(GL_BGRA),
      gl(GL_UNSIGNED_INT_8_8_8_8_REV), nil)
  }
}
