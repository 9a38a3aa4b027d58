// What the graphics driver has to say against the calls of a window: for tests and measurements.

import CPlanarGLFW

/// The complaints of a debug context, or, where the driver has none, what `glGetError` tells after each picture.
final class OpenGLErrors {
  private(set) var words: [String] = []
  private var isToldByDriver = false

  /// Listens to the present context. It must outlive the context.
  func attach() {
    guard glfwExtensionSupported("GL_KHR_debug") != 0, let function = glfwGetProcAddress("glDebugMessageCallback")
    else { return }
    typealias Listener =
      @convention(c) (
        GLenum, GLenum, GLuint, GLenum, GLsizei, UnsafePointer<GLchar>?, UnsafeRawPointer?
      ) -> Void
    typealias SetListener = @convention(c) (Listener?, UnsafeRawPointer?) -> Void
    let listener: Listener = { _, type, _, _, _, message, errors in
      let grave = [GL_DEBUG_TYPE_ERROR, GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR, GL_DEBUG_TYPE_DEPRECATED_BEHAVIOR]
      guard let errors, let message, grave.map(gl).contains(type) else { return }
      Unmanaged<OpenGLErrors>.fromOpaque(errors).takeUnretainedValue().words.append(String(cString: message))
    }
    glEnable(gl(GL_DEBUG_OUTPUT))
    glEnable(gl(GL_DEBUG_OUTPUT_SYNCHRONOUS))
    unsafeBitCast(function, to: SetListener.self)(listener, Unmanaged.passUnretained(self).toOpaque())
    isToldByDriver = true
  }

  /// Asks for errors that nobody has told.
  func ask() {
    while case let error = glGetError(), error != gl(GL_NO_ERROR) {
      if !isToldByDriver { words.append("OpenGL's error \(error)") }
    }
  }
}
