// What is drawn into: a multisampled picture, resolved into one that can be shown and read.

import CPlanarGLFW
import PlanarSceneDrawing

/// Two framebuffers of the window's size. Own ones, because a hidden window's pixels are
/// undefined. OpenGL frees them with the window's context.
final class RenderTarget {
  private(set) var width = 0
  private(set) var height = 0
  private var multisampled: GLuint = 0
  private var resolved: GLuint = 0
  private var buffers: [GLuint] = [0, 0, 0]

  /// Gives the target a size, px, and makes it the one drawn into. What was drawn stays, unless the size is another one.
  func begin(width: Int, height: Int) {
    if (width, height) != (self.width, self.height) { allocate(width: width, height: height) }
    glBindFramebuffer(gl(GL_FRAMEBUFFER), multisampled)
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

  /// Averages the samples of an area.
  func resolve(_ area: PixelArea) {
    copy(area, from: multisampled, to: resolved)
  }

  /// Copies the resolved picture to the window, whose own is lost whenever it was shown.
  func present() {
    copy(PixelArea(x: 0, y: 0, width: width, height: height), from: resolved, to: 0)
  }

  /// Makes the window itself the one drawn into.
  func beginOnWindow() { glBindFramebuffer(gl(GL_FRAMEBUFFER), 0) }

  /// The resolved picture.
  func readPixels() -> Image {
    var rows = [UInt8](repeating: 0, count: width * height * 4)
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), resolved)
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

  private func copy(_ area: PixelArea, from source: GLuint, to destination: GLuint) {
    glDisable(gl(GL_SCISSOR_TEST))
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), source)
    glBindFramebuffer(gl(GL_DRAW_FRAMEBUFFER), destination)
    let (left, low) = (GLint(area.x), GLint(height - area.y - area.height))
    let (right, high) = (left + GLint(area.width), low + GLint(area.height))
    glBlitFramebuffer(
      left, low, right, high, left, low, right, high, GLbitfield(GL_COLOR_BUFFER_BIT), gl(GL_NEAREST))
  }

  private func allocate(width: Int, height: Int) {
    release()
    self.width = width
    self.height = height
    var maximum: GLint = 0
    glGetIntegerv(gl(GL_MAX_SAMPLES), &maximum)
    let samples = min(maximum, 4)
    glGenRenderbuffers(3, &buffers)
    let formats = [(GL_RGBA8, samples), (GL_DEPTH_COMPONENT24, samples), (GL_RGBA8, 0)]
    for (buffer, (format, samples)) in zip(buffers, formats) {
      glBindRenderbuffer(gl(GL_RENDERBUFFER), buffer)
      glRenderbufferStorageMultisample(
        gl(GL_RENDERBUFFER), samples, gl(format), GLsizei(width), GLsizei(height))
    }
    glGenFramebuffers(1, &multisampled)
    glBindFramebuffer(gl(GL_FRAMEBUFFER), multisampled)
    attach(buffers[0], at: GL_COLOR_ATTACHMENT0)
    attach(buffers[1], at: GL_DEPTH_ATTACHMENT)
    glGenFramebuffers(1, &resolved)
    glBindFramebuffer(gl(GL_FRAMEBUFFER), resolved)
    attach(buffers[2], at: GL_COLOR_ATTACHMENT0)
  }

  private func attach(_ buffer: GLuint, at point: Int32) {
    glFramebufferRenderbuffer(gl(GL_FRAMEBUFFER), gl(point), gl(GL_RENDERBUFFER), buffer)
  }

  private func release() {
    guard width > 0 else { return }
    glDeleteFramebuffers(1, &multisampled)
    glDeleteFramebuffers(1, &resolved)
    glDeleteRenderbuffers(3, &buffers)
  }
}
