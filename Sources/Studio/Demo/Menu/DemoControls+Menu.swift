// The menu in the panel's place: another environment, another policy.

import PlanarArmEnvironments
import PlanarViewer

extension DemoControls {
  private static var placePrefix: String { "environment " }
  private static var policyPrefix: String { "policy " }

  /// Shows the menu in place of the panel's other blocks, or hides it.
  mutating func toggleMenu() {
    if menu == nil { menu = makeMenu?() }
    guard menu != nil else { return show("There is nothing else to choose here.") }
    isMenuShown.toggle()
    menuPlace = session.world.name
  }

  /// Nil where the menu is not shown.
  var menuItems: [PanelItem]? {
    guard isMenuShown, let menu else { return nil }
    let place = menuPlace ?? session.world.name
    let places = menu.places.map { other in
      let count = menu.policies.count { $0.environment == other.name }
      return Choice(
        id: Self.placePrefix + other.name, label: other.name,
        detail: count == 0 ? "no policy" : count == 1 ? "1 policy" : "\(count) policies", isChosen: other.name == place)
    }
    let entries = menu.policies.filter { $0.environment == place }
    let choices = entries.map { entry in
      Choice(
        id: Self.policyPrefix + entry.name, label: entry.name, detail: entry.problem ?? entry.detail,
        isChosen: lanes.contains { $0.pilot.name == entry.name },
        isEnabled: place != session.world.name || entry.problem == nil)
    }
    let purpose = menu.places.first { $0.name == place }?.purpose ?? ""
    return [.heading("Environments (Ctrl-C goes back)"), .choices(places)]
      + [.heading("Policies for \(place)"), .message(purpose, tone: .neutral, lines: 2)]
      + (choices.isEmpty
        ? [.message("None is shipped: train one, or watch others.", tone: .neutral)] : [.choices(choices)])
      + (place == session.world.name
        ? [] : [.switches([Switch(id: Self.goID, label: "Go there without one of these", isOn: false)])])
  }

  /// Takes a click on a row of the menu.
  ///
  /// - Returns: whether it was one.
  mutating func chooseFromMenu(_ id: String) -> Bool {
    guard isMenuShown, let menu else { return false }
    if id.hasPrefix(Self.placePrefix) {
      menuPlace = String(id.dropFirst(Self.placePrefix.count))
    } else if id.hasPrefix(Self.policyPrefix) {
      choose(policy: String(id.dropFirst(Self.policyPrefix.count)), of: menu)
    } else if id == Self.goID, let place = menuPlace {
      isMenuShown = false
      ask { $0.environment = place }
    } else {
      return false
    }
    return true
  }

  /// Lets a policy drive in the lane in focus; where it is not at hand yet, or belongs elsewhere, another session begins.
  private mutating func choose(policy name: String, of menu: DemoMenu) {
    guard let entry = menu.policies.first(where: { $0.name == name }) else { return }
    isMenuShown = false
    if entry.environment == session.world.name, let index = session.pilots.firstIndex(where: { $0.name == name }) {
      return select(index)
    }
    let isElsewhere = entry.environment != session.world.name
    var driving = isElsewhere ? [] : lanes.map(\.pilot.name)
    if isElsewhere { driving = [name] } else { driving[focus] = name }
    ask {
      $0.environment = entry.environment
      $0.pilots = driving
    }
  }

  static var goID: String { "go there" }

  /// What who drives is told, and what is there to be seen besides.
  var sightItems: [PanelItem] {
    guard let policy = session.pilot.driver.policy else {
      return [
        .message(
          "\(session.pilot.name) is no policy: it looks into the simulation, or nowhere.", tone: .neutral, lines: 2)
      ]
    }
    let seen = policy.features.observations.map(\.name)
    let unseen = session.world.features.observations.map(\.name).filter { !seen.contains($0) }
    let also = unseen.isEmpty ? "" : "; not \(words(unseen))"
    return [.message("Sees \(words(seen)) and the command\(also).", tone: .neutral, lines: 2)]
  }

  private func words(_ features: [String]) -> String {
    features.map { FeatureWords.words($0) }.joined(separator: ", ")
  }
}

/// What observed arrays are in everyday words.
enum FeatureWords {
  private static let known = [
    "observation.state": "the arm", "observation.environment_state": "every object's place",
    "observation.images.top": "the picture", "observation.touch": "touch",
  ]

  static func words(_ name: String) -> String {
    known[name] ?? name.split(separator: ".").last.map { String($0).replacing("_", with: " ") } ?? name
  }
}
