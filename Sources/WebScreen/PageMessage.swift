// What pages send, and which events it stands for.

import Foundation
import PlanarCore
import PlanarViewer

/// One thing that a person did in a page.
package enum PageMessage: Equatable, Sendable {
  /// The page has drawn the message of this number.
  case drawn(Int)
  /// A command was given.
  case command(String)
  /// Whether a command is being typed.
  case typing(Bool)
  /// Something that needs no translation.
  case event(Event)

  /// The greatest message, in bytes.
  package static let capacity = 16_384

  /// A message as a page sends it in JSON; nil where it is none.
  package init?(_ data: Data) {
    guard data.count <= Self.capacity, let form = try? JSONDecoder().decode(Form.self, from: data) else { return nil }
    self.init(form)
  }

  /// The fields of all kinds of messages.
  private struct Form: Decodable {
    var kind: String
    var number: Int?
    var text: String?
    var isOn: Bool?
    var key: String?
    var alt: Bool?
    var shift: Bool?
    var x: Double?
    var y: Double?
    var turn: Double?
    var button: Int?
    var share: Double?

    /// A place of the world, m.
    var place: Vec2? {
      guard let x, let y, abs(x) < 1e6, abs(y) < 1e6 else { return nil }
      return Vec2(x, y)
    }
  }

  private init?(_ form: Form) {
    switch form.kind {
    case "drawn":
      guard let number = form.number else { return nil }
      self = .drawn(number)
    case "command":
      guard let text = form.text else { return nil }
      self = .command(text)
    case "typing":
      guard let isOn = form.isOn else { return nil }
      self = .typing(isOn)
    default:
      guard let event = Self.event(form) else { return nil }
      self = .event(event)
    }
  }

  private static func event(_ form: Form) -> Event? {
    switch form.kind {
    case "key":
      guard let key = form.key.flatMap(PageKeys.key) else { return nil }
      var modifiers: Modifiers = []
      if form.alt == true { modifiers.insert(.control) }
      if form.shift == true { modifiers.insert(.shift) }
      return .key(key, modifiers)
    case "character":
      guard let text = form.text, text.count == 1, PageKeys.characters.contains(text.first!) else { return nil }
      return .character(text.first!)
    case "choice": return form.text.map { .choiceClicked($0) }
    case "switch": return form.text.map { .switchClicked($0) }
    case "slid":
      guard let id = form.text, let share = form.share else { return nil }
      return .slid(id, min(max(share, 0), 1))
    case "scrub": return form.number.map { .scrubbed($0) }
    case "move": return form.place.map { .mouseMoved($0) }
    case "press": return button(form).flatMap { button in form.place.map { .mousePressed($0, button) } }
    case "release": return button(form).flatMap { button in form.place.map { .mouseReleased($0, button) } }
    case "scroll":
      guard let place = form.place, let turn = form.turn, abs(turn) < 1e3 else { return nil }
      return .scrolled(place, turn)
    default: return nil
    }
  }

  /// By the number that browsers give it.
  private static func button(_ form: Form) -> MouseButton? {
    let buttons: [MouseButton] = [.left, .middle, .right]
    return form.button.flatMap { buttons.indices.contains($0) ? buttons[$0] : nil }
  }

  /// What a window would have told.
  ///
  /// - Parameter panel: as pages show it.
  package func events(in panel: PanelModel?) -> [Event] {
    switch self {
    case .drawn: return []
    case .command(let text): return [.fieldClicked, .key(.letter("a"), .control), .paste(text), .key(.enter, [])]
    case .typing(let isOn): return [isOn ? .fieldClicked : .fieldLeft]
    case .event(.scrubbed(let step)):
      return panel?.timeline.map { [.scrubbed(min(max(step, $0.steps.lowerBound), $0.steps.upperBound))] } ?? []
    // A page sends keys while its own field has no use for them.
    case .event(let event):
      switch event {
      case .key(.escape, _): return [event]
      case .key, .character: return [.fieldLeft, event]
      default: return [event]
      }
    }
  }
}
