// What every session's window can do: help, pictures, a closer look, an end.

import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// The part of a window's state that does not depend on what it shows.
struct ScreenState {
  /// What is held while a letter means a shortcut; nothing where nobody types.
  let modifier: Modifiers
  /// What the camera's picture is toggled by.
  let pictureKey: Key
  private(set) var isHelpShown = false
  var wantsQuit = false
  /// The sentence in the panel, if there is one.
  var message: (text: String, tone: Tone)?
  /// Whether the camera's picture stands beside the scene.
  var showsPicture = false
  /// How many times larger than the whole table things are shown.
  private(set) var zoom = 1.0
  private var center = Vec2.zero
  private var wantsScreenshot = false

  private static let greatestZoom = 8.0

  init(modifier: Modifiers, pictureKey: Key) {
    self.modifier = modifier
    self.pictureKey = pictureKey
  }

  /// Whether a screenshot was asked for since the last call.
  mutating func takeScreenshotRequest() -> Bool {
    defer { wantsScreenshot = false }
    return wantsScreenshot
  }

  /// Takes the keys that mean the same in every session.
  ///
  /// - Returns: whether the event was one of them.
  mutating func handle(_ event: Event, bounds: WorldRectangle) -> Bool {
    switch event {
    case .closeRequested: wantsQuit = true
    case .key(.escape, _):
      if isHelpShown {
        isHelpShown = false
      } else {
        message = (modifier.isEmpty ? "Q quits." : "Ctrl-Q quits.", .neutral)
      }
    case .character("?"): isHelpShown.toggle()
    case .key(let key, let modifiers) where modifiers.isSuperset(of: modifier): return handle(key)
    case .scrolled(let point, let turn): magnify(about: point, by: turn, in: bounds)
    default: return false
    }
    return true
  }

  private mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .letter("h"): isHelpShown.toggle()
    case .letter("p"): wantsScreenshot = true
    case .letter("q"): wantsQuit = true
    case .letter("z"): zoom = 1
    case pictureKey: showsPicture.toggle()
    default: return false
    }
    return true
  }

  /// Leaves what is under the pointer where it is.
  private mutating func magnify(about point: Vec2, by turn: Double, in bounds: WorldRectangle) {
    let old = visible(of: bounds) ?? bounds
    let share = min(max(turn, -4), 4)
    zoom = min(max(zoom * (1 + 0.15 * abs(share)).raised(share < 0), 1), Self.greatestZoom)
    center = point + (old.center - point) * (bounds.width / zoom / old.width)
  }

  /// The part of `bounds` that is shown, inside of it; nil for all of it.
  func visible(of bounds: WorldRectangle) -> WorldRectangle? {
    guard zoom > 1 else { return nil }
    let half = Vec2(bounds.width, bounds.height) / (2 * zoom)
    let middle = Vec2(
      min(max(center.x, bounds.min.x + half.x), bounds.max.x - half.x),
      min(max(center.y, bounds.min.y + half.y), bounds.max.y - half.y))
    return WorldRectangle(min: middle - half, max: middle + half)
  }
}

extension Double {
  /// The number, or its inverse.
  fileprivate func raised(_ inverted: Bool) -> Double { inverted ? 1 / self : self }
}
