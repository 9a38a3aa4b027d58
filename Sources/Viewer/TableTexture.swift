// The table's surface as an OpenGL texture: the camera's own pixels, so that window and camera cannot differ in it.

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

  private var texture: GLuint = 0
  private var shown: Key?
  private var image = Image(width: 1, height: 1)

  init() {
    glGenTextures(1, &texture)
    bind()
    for (parameter, value) in [
      (GL_TEXTURE_MIN_FILTER, GL_NEAREST), (GL_TEXTURE_MAG_FILTER, GL_NEAREST),
      (GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE), (GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE),
    ] { glTexParameteri(gl(GL_TEXTURE_2D), gl(parameter), value) }
  }

  func bind() {
    glActiveTexture(gl(GL_TEXTURE1))
    glBindTexture(gl(GL_TEXTURE_2D), texture)
  }

  /// Makes the texture show a list's table through a camera.
  func show(_ list: DrawList, through camera: Camera) {
    let key = Key(background: list.background, exposure: list.exposure, camera: camera)
    guard key != shown else { return }
    shown = key
    camera.render(
      DrawList(bounds: list.bounds, background: list.background, exposure: list.exposure), into: &image)
    bind()
    glPixelStorei(gl(GL_UNPACK_ALIGNMENT), 1)
    image.pixels.withUnsafeBytes {
      glTexImage2D(
        gl(GL_TEXTURE_2D), 0, GL_RGBA8, GLsizei(image.width), GLsizei(image.height), 0, gl(GL_RGBA),
        gl(GL_UNSIGNED_BYTE), $0.baseAddress)
    }
  }
}
