// GLFW's callbacks, gathered as values until the window is asked for them.

import CPlanarGLFW
import PlanarCore

/// Receives one window's input.
final class WindowInbox {
  /// Input whose positions are still in GLFW's window units.
  enum RawEvent {
    case plain(Event)
    case moved(Vec2)
    case pressed(Vec2, MouseButton)
    case released(Vec2, MouseButton)
    case scrolled(Vec2, Double)
  }

  private var events: [RawEvent] = []
  /// The pointer's last position, window units.
  private(set) var pointer = Vec2(-1, -1)

  /// Whether the system has lost a part of the picture.
  private var isDamaged = false

  /// Whether the picture must be drawn again, though nothing in it has changed; asking forgets it.
  func takeDamage() -> Bool {
    defer { isDamaged = false }
    return isDamaged
  }

  func take() -> [RawEvent] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }

  /// Registers the callbacks. The inbox must outlive the window or be detached before.
  func attach(to window: OpaquePointer) {
    glfwSetWindowUserPointer(window, Unmanaged.passUnretained(self).toOpaque())
    glfwSetKeyCallback(window) { window, key, _, action, modifiers in
      guard let window else { return }
      // GLFW lets go of all keys where the window loses the keyboard.
      guard action != GLFW_RELEASE else { return WindowInbox.of(window)?.keyReleased(key) ?? () }
      // Held down, only editing keys go on: a shortcut that repeats would skip scenes.
      let repeating: Set = [GLFW_KEY_BACKSPACE, GLFW_KEY_DELETE, GLFW_KEY_LEFT, GLFW_KEY_RIGHT]
      guard action == GLFW_PRESS || repeating.contains(key) else { return }
      WindowInbox.of(window)?.keyPressed(key, modifiers: modifiers, window: window)
    }
    glfwSetCharCallback(window) { window, codepoint in
      guard let window, let scalar = Unicode.Scalar(codepoint) else { return }
      WindowInbox.of(window)?.events.append(.plain(.character(Character(scalar))))
    }
    glfwSetCursorPosCallback(window) { window, x, y in
      guard let window else { return }
      WindowInbox.of(window)?.pointerMoved(Vec2(x, y))
    }
    glfwSetMouseButtonCallback(window) { window, button, action, _ in
      guard let window else { return }
      WindowInbox.of(window)?.button(button, isDown: action == GLFW_PRESS)
    }
    glfwSetScrollCallback(window) { window, _, offset in
      guard let window, let inbox = WindowInbox.of(window) else { return }
      inbox.events.append(.scrolled(inbox.pointer, offset))
    }
    glfwSetWindowRefreshCallback(window) { window in
      guard let window else { return }
      WindowInbox.of(window)?.isDamaged = true
    }
    glfwSetWindowCloseCallback(window) { window in
      guard let window else { return }
      WindowInbox.of(window)?.events.append(.plain(.closeRequested))
    }
  }

  func detach(from window: OpaquePointer) { glfwSetWindowUserPointer(window, nil) }

  private static func of(_ window: OpaquePointer) -> WindowInbox? {
    glfwGetWindowUserPointer(window).map {
      Unmanaged<WindowInbox>.fromOpaque($0).takeUnretainedValue()
    }
  }

  private func pointerMoved(_ position: Vec2) {
    pointer = position
    events.append(.moved(position))
  }

  private func button(_ code: Int32, isDown: Bool) {
    let buttons: [Int32: MouseButton] = [
      GLFW_MOUSE_BUTTON_LEFT: .left, GLFW_MOUSE_BUTTON_RIGHT: .right,
      GLFW_MOUSE_BUTTON_MIDDLE: .middle,
    ]
    guard let button = buttons[code] else { return }
    events.append(isDown ? .pressed(pointer, button) : .released(pointer, button))
  }

  private func keyPressed(_ code: Int32, modifiers bits: Int32, window: OpaquePointer) {
    var modifiers: Modifiers = []
    if bits & GLFW_MOD_SHIFT != 0 { modifiers.insert(.shift) }
    if bits & (GLFW_MOD_CONTROL | GLFW_MOD_SUPER) != 0 { modifiers.insert(.control) }
    if bits & GLFW_MOD_ALT != 0 { modifiers.insert(.alt) }
    if code == GLFW_KEY_V && modifiers.contains(.control) {
      if let text = glfwGetClipboardString(window) {
        events.append(.plain(.paste(String(cString: text))))
      }
    } else if let key = Self.key(of: code) {
      events.append(.plain(.key(key, modifiers)))
    }
  }

  private func keyReleased(_ code: Int32) {
    if let key = Self.key(of: code) { events.append(.plain(.keyReleased(key))) }
  }

  private static let named: [Int32: Key] = [
    GLFW_KEY_ENTER: .enter, GLFW_KEY_KP_ENTER: .enter, GLFW_KEY_ESCAPE: .escape,
    GLFW_KEY_TAB: .tab, GLFW_KEY_SPACE: .space, GLFW_KEY_BACKSPACE: .backspace,
    GLFW_KEY_DELETE: .delete, GLFW_KEY_LEFT: .left, GLFW_KEY_RIGHT: .right, GLFW_KEY_UP: .up,
    GLFW_KEY_DOWN: .down, GLFW_KEY_HOME: .home, GLFW_KEY_END: .end, GLFW_KEY_PERIOD: .period,
    GLFW_KEY_SLASH: .slash,
  ]

  private static func key(of code: Int32) -> Key? {
    switch code {
    case GLFW_KEY_A...GLFW_KEY_Z:
      let scalar = Unicode.Scalar(UInt8(ascii: "a") + UInt8(code - GLFW_KEY_A))
      return .letter(Character(scalar))
    case GLFW_KEY_0...GLFW_KEY_9: return .digit(Int(code - GLFW_KEY_0))
    case GLFW_KEY_KP_0...GLFW_KEY_KP_9: return .digit(Int(code - GLFW_KEY_KP_0))
    default: return named[code]
    }
  }
}
