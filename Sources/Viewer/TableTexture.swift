// The table's surface as an OpenGL picture: the camera's own pixels, so that window and camera cannot differ in it.

import CPlanarGLFW
import PlanarCore
import PlanarSceneDrawing

/// The picture of the table without items, rasterised again only where the table, its exposure or the view has changed:
/// once an episode, not once a frame. OpenGL frees it with the window's context.
final class TableTexture {
  private struct Key: Equatable {
    var background: Background
    var exposure: Exposure
    var camera: Camera
  }

  private let texture: GLuint
  /// What it is copied from; its first row is the uppermost.
  private(set) var framebuffer: GLuint = 0
  private var shown: Key?
  private var image = Image(width: 1, height: 1)

  init() {
    texture = RenderTarget.makeTexture()
    RenderTarget.allocate(width: 1, height: 1)
    glGenFramebuffers(1, &framebuffer)
    glBindFramebuffer(gl(GL_READ_FRAMEBUFFER), framebuffer)
    glFramebufferTexture2D(gl(GL_READ_FRAMEBUFFER), gl(GL_COLOR_ATTACHMENT0), gl(GL_TEXTURE_2D), texture, 0)
  }

  /// Makes it show a list's table through a camera.
  func show(_ list: DrawList, through camera: Camera) {
    let key = Key(background: list.background, exposure: list.exposure, camera: camera)
    guard key != shown else { return }
    shown = key
    let before = (image.width, image.height)
    camera.render(
      DrawList(bounds: list.bounds, background: list.background, exposure: list.exposure), into: &image)
    glActiveTexture(gl(GL_TEXTURE0))
    glBindTexture(gl(GL_TEXTURE_2D), texture)
    if before != (image.width, image.height) { RenderTarget.allocate(width: image.width, height: image.height) }
    glPixelStorei(gl(GL_UNPACK_ALIGNMENT), 1)
    image.pixels.withUnsafeBytes {
      glTexSubImage2D(
        gl(GL_TEXTURE_2D), 0, 0, 0, GLsizei(image.width), GLsizei(image.height), gl(GL_RGBA), gl(GL_UNSIGNED_BYTE),
        $0.baseAddress)
    }
  }
}
