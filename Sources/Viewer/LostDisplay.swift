// The end of the display behind a window: Xlib would end the program on the spot; instead the window tells it.

import CPlanarGLFW
import Foundation
import Synchronization

/// Whether the X server has gone away under the windows of this program.
///
/// Xlib calls two functions then: the first prints a line of its own, the second exits. Both are replaced; after that every
/// call to Xlib comes back at once, and says nothing that is true. GLFW bears that while it looks for events; the graphics
/// driver does not while it shows a picture. So the window looks for events right before that, and what little time is left
/// in which the server can go ends the program there, with the same sentence.
enum LostDisplay {
  private static let flag = Atomic(false)
  private static let showing = Atomic(false)

  /// Why nothing can be shown any more.
  static let reason = "the display went away while the window was open; start again where there is one"

  /// Shows a picture, which the driver must not be disturbed in.
  static func show(_ picture: () -> Void) {
    showing.store(true, ordering: .relaxed)
    picture()
    showing.store(false, ordering: .relaxed)
  }

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
    let stay: ExitHandler = { _, _ in
      LostDisplay.flag.store(true, ordering: .relaxed)
      guard LostDisplay.showing.load(ordering: .relaxed) else { return }
      FileHandle.standardError.write(Data("Error: \(LostDisplay.reason)\n".utf8))
      fflush(nil)
      _exit(1)
    }
    _ = unsafeBitCast(setHandler, to: (@convention(c) (Handler?) -> OpaquePointer?).self)(quiet)
    unsafeBitCast(
      setExitHandler, to: (@convention(c) (OpaquePointer?, ExitHandler?, UnsafeMutableRawPointer?) -> Void).self)(
        connection, stay, nil)
  }
}
