// What a person did in the window since the last look, as values.

import PlanarCore

/// A key, by what is printed on it in an English layout, whatever the input language.
public enum Key: Hashable, Sendable {
  /// Keys that edit and move.
  case enter, escape, tab, space, backspace, delete, left, right, up, down, home, end
  /// Keys of punctuation.
  case period, slash
  /// Lower case.
  case letter(Character)
  /// 0 to 9.
  case digit(Int)
}

/// Keys held while another is pressed.
public struct Modifiers: OptionSet, Hashable, Sendable {
  /// One bit per key.
  public let rawValue: Int
  /// The keys of these bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Either Shift key.
  public static let shift = Modifiers(rawValue: 1)
  /// Control, or Command.
  public static let control = Modifiers(rawValue: 2)
  /// Either Alt key, or Option.
  public static let alt = Modifiers(rawValue: 4)
}

/// A button of the mouse.
public enum MouseButton: Hashable, Sendable {
  /// One of the outer buttons, or the wheel.
  case left, right, middle
}

/// One thing that happened. World positions are in metres and may lie outside of the table.
public enum Event: Equatable, Sendable {
  /// A key went down, or (editing keys only) repeats. The letter it types, if any, follows as `character`.
  case key(Key, Modifiers)
  /// A key was let go, or the window lost the keyboard while it was down.
  case keyReleased(Key)
  /// A character was typed, in any language.
  case character(Character)
  /// Ctrl-V with this text on the clipboard.
  case paste(String)
  /// The pointer is here now.
  case mouseMoved(Vec2)
  /// A button went down with the pointer here.
  case mousePressed(Vec2, MouseButton)
  /// A button was let go with the pointer here.
  case mouseReleased(Vec2, MouseButton)
  /// The wheel was turned with the pointer here; positive is away from the person.
  case scrolled(Vec2, Double)
  /// The panel's text field was clicked.
  case fieldClicked
  /// The keyboard was taken from the panel's text field.
  case fieldLeft
  /// A choice or button of the panel was clicked.
  case choiceClicked(String)
  /// A row of the panel that is on or off was clicked.
  case switchClicked(String)
  /// A slider of the panel was clicked, or is dragged, at a share of its way, 0 to 1.
  case slid(String, Double)
  /// The bar of time was clicked, or is dragged, at a step.
  case scrubbed(Int)
  /// The gamepad stands so now; nil: there is none any more.
  case gamepad(Gamepad?)
  /// The window's close button was pressed.
  case closeRequested
}
