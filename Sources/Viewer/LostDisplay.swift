// The end of the display behind a window: Xlib would end the program on the spot; instead the window tells it.

import CPlanarGLFW
import Foundation
import Synchronization

/// Whether the X server has gone away under the windows of this program.
///
/// Xlib calls two functions then, and exits the program where the second one returns to nothing else: the first would print
/// a line of its own. Both are replaced; after that every call to Xlib comes back at once, and says nothing that is true.
enum LostDisplay {
  private static let flag = Atomic(false)

  /// Whether it has gone away: nothing can be asked of windows any more, not even to close.
  static var isLost: Bool { flag.load(ordering: .relaxed) }

  private typealias Handler = @convention(c) (OpaquePointer?) -> Int32
  private typealias ExitHandler = @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Void

  /// Listens for the end of GLFW's display. Does nothing where windows are not X's, or where Xlib is older than 1.7 (2020)
  /// and ends the program by itself.
  static func watch() {
    // GLFW has loaded the library; this finds it again.
    guard let library = dlopen("libX11.so.6", RTLD_LAZY), let display = dlsym(nil, "glfwGetX11Display"),
      let setHandler = dlsym(library, "XSetIOErrorHandler"),
      let setExitHandler = dlsym(library, "XSetIOErrorExitHandler"),
      let connection = unsafeBitCast(display, to: (@convention(c) () -> OpaquePointer?).self)()
    else { return }
    let quiet: Handler = { _ in
      LostDisplay.flag.store(true, ordering: .relaxed)
      return 0
    }
    let stay: ExitHandler = { _, _ in LostDisplay.flag.store(true, ordering: .relaxed) }
    _ = unsafeBitCast(setHandler, to: (@convention(c) (Handler?) -> OpaquePointer?).self)(quiet)
    unsafeBitCast(
      setExitHandler, to: (@convention(c) (OpaquePointer?, ExitHandler?, UnsafeMutableRawPointer?) -> Void).self)(
        connection, stay, nil)
  }
}
