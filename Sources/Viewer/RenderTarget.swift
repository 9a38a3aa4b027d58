// What is drawn into: a picture that can be shown and read.

import CPlanarGLFW
import PlanarSceneDrawing

/// A framebuffer of the window's size. An own one, because a hidden window's pixels are undefined, and the window's own
/// are lost whenever they were shown. OpenGL frees it with the window's context.
///
/// It has one sample a pixel: shapes fade at their edges by themselves (see `ShapeMesh`), which on a software renderer
/// costs two fifths less than four samples, and looks no worse on any.
final class RenderTarget {
  private(set) var width = 0
  private(set) var height = 0
  private var picture: GLuint = 0
  private var buffers: [GLuint] = [0, 0]

  /// Gives the target a size, px, and makes it the one drawn into. What was drawn stays, unless the size is another one.
  func begin(width: Int, height: Int) {
    if (width, height) != (self.width, self.height) { allocate(width: width, height: height) }
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
    // OpenGL counts rows from the lowest.
    glScissor(
      GLint(area.x), GLint(height - area.y - area.height), GLsizei(area.width), GLsizei(area.height))
  }

  /// Copies the picture to the window.
  func present() {
    glDisable(gl(GL_SCISSOR_TEST))
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), picture)
    glBindFramebuffer(gl(GL_DRAW_FRAMEBUFFER), 0)
    let (right, high) = (GLint(width), GLint(height))
    glBlitFramebuffer(0, 0, right, high, 0, 0, right, high, GLbitfield(GL_COLOR_BUFFER_BIT), gl(GL_NEAREST))
  }

  /// Makes the window itself the one drawn into.
  func beginOnWindow() {
    glBindFramebuffer(gl(GL_FRAMEBUFFER), 0)
    glDisable(gl(GL_SCISSOR_TEST))
    glClear(GLbitfield(GL_DEPTH_BUFFER_BIT))
  }

  /// The picture.
  func readPixels() -> Image {
    var rows = [UInt8](repeating: 0, count: width * height * 4)
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), picture)
    glPixelStorei(gl(GL_PACK_ALIGNMENT), 1)
    glReadPixels(
      0, 0, GLsizei(width), GLsizei(height), gl(GL_RGBA), gl(GL_UNSIGNED_BYTE), &rows)
    // OpenGL's first row is the lowest.
    let stride = width * 4
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rows.count)
    for row in (0..<height).reversed() { pixels += rows[row * stride..<(row + 1) * stride] }
    for index in 0..<width * height { pixels[index * 4 + 3] = 255 }
    return Image(width: width, height: height, pixels: pixels)
  }

  private func allocate(width: Int, height: Int) {
    release()
    self.width = width
    self.height = height
    glGenRenderbuffers(2, &buffers)
    for (buffer, format) in zip(buffers, [GL_RGBA8, GL_DEPTH_COMPONENT24]) {
      glBindRenderbuffer(gl(GL_RENDERBUFFER), buffer)
      glRenderbufferStorage(gl(GL_RENDERBUFFER), gl(format), GLsizei(width), GLsizei(height))
    }
    glGenFramebuffers(1, &picture)
    glBindFramebuffer(gl(GL_FRAMEBUFFER), picture)
    attach(buffers[0], at: GL_COLOR_ATTACHMENT0)
    attach(buffers[1], at: GL_DEPTH_ATTACHMENT)
  }

  private func attach(_ buffer: GLuint, at point: Int32) {
    glFramebufferRenderbuffer(gl(GL_FRAMEBUFFER), gl(point), gl(GL_RENDERBUFFER), buffer)
  }

  private func release() {
    guard width > 0 else { return }
    glDeleteFramebuffers(1, &picture)
    glDeleteRenderbuffers(2, &buffers)
  }
}
