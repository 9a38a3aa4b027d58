// A gamepad, as a value.

import CPlanarGLFW
import PlanarCore

/// A button of a gamepad, by its place in the layout that most have.
public enum GamepadButton: Hashable, Sendable {
  /// Of the four at the right: A or cross below, B or circle at the right, X or square at the left, Y or triangle above.
  case south, east, west, north
  /// The small ones in the middle.
  case back, start
}

/// How a gamepad stands at a moment.
public struct Gamepad: Equatable, Sendable {
  /// The left stick: right and up are positive, each −1 to 1.
  public var stick: Vec2
  /// How far the triggers are pulled, 0 to 1.
  public var leftTrigger, rightTrigger: Double
  /// What is pressed.
  public var buttons: Set<GamepadButton>

  /// A gamepad; by default one that nobody touches.
  public init(
    stick: Vec2 = .zero, leftTrigger: Double = 0, rightTrigger: Double = 0, buttons: Set<GamepadButton> = []
  ) {
    self.stick = stick
    self.leftTrigger = leftTrigger
    self.rightTrigger = rightTrigger
    self.buttons = buttons
  }
}

/// Asks GLFW for the first gamepad.
struct GamepadReader {
  private var last: Gamepad?

  /// What has changed since the last call.
  mutating func change() -> Event? {
    let now = (GLFW_JOYSTICK_1...GLFW_JOYSTICK_LAST).lazy.compactMap(Self.gamepad).first
    guard now != last else { return nil }
    last = now
    return .gamepad(now)
  }

  private static func gamepad(_ place: Int32) -> Gamepad? {
    var state = GLFWgamepadstate()
    guard glfwJoystickIsGamepad(place) != 0, glfwGetGamepadState(place, &state) != 0 else { return nil }
    let (buttons, axes) = (state.buttons, state.axes)
    let pressed: [(UInt8, GamepadButton)] = [
      (buttons.0, .south), (buttons.1, .east), (buttons.2, .west), (buttons.3, .north), (buttons.6, .back),
      (buttons.7, .start),
    ]
    return Gamepad(
      stick: Vec2(Double(axes.0), -Double(axes.1)), leftTrigger: (Double(axes.4) + 1) / 2,
      rightTrigger: (Double(axes.5) + 1) / 2, buttons: Set(pressed.filter { $0.0 != 0 }.map(\.1)))
  }
}
