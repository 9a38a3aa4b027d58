// Several policies in the same scene, side by side: what is done to all of them, and how they compare.

import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

extension DemoControls {
  /// Where the lanes lie.
  var layout: LaneLayout {
    LaneLayout(count: lanes.count, table: lanes[0].world.drawList.bounds, theme: theme)
  }

  /// Whether the attempt goes on in any lane.
  public var isRunning: Bool { lanes.contains { $0.status == .running } }
  /// The control step that is shown, in the lane that has come farthest.
  var step: Int { lanes.map(\.step).max()! }
  /// Whether any lane is known to go on after what is shown.
  var isInPast: Bool { lanes.contains(where: \.isInPast) }
  /// The control steps that can be shown.
  var keptSteps: ClosedRange<Int> {
    lanes.map(\.keptSteps.lowerBound).min()!...lanes.map(\.keptSteps.upperBound).max()!
  }

  /// Gives a command in every lane, or in none.
  ///
  /// - Throws: `UserError` that says why it cannot be obeyed.
  mutating func give(command text: String) throws {
    var others = lanes
    for index in others.indices { try others[index].give(command: text) }
    lanes = others
  }

  /// Shows one policy more or fewer, from one to four and round again; the scene begins anew in all lanes.
  mutating func changeLanes(by change: Int) {
    let most = min(LaneLayout.most, session.pilots.count)
    guard most > 1 else { return show("There is no other policy here to put beside it.") }
    let count = (lanes.count - 1 + change + most) % most + 1
    let driving = lanes.map(\.pilotIndex)
    let free = (1..<session.pilots.count).map { (driving[0] + $0) % session.pilots.count }.filter {
      !driving.contains($0)
    }
    do {
      let there = try zip(lanes, driving).prefix(count).map { try $0.beside(drivenBy: $1) }
      lanes = try there + free.prefix(count - there.count).map { try lanes[0].beside(drivenBy: $0) }
      focus = min(focus, count - 1)
      tally = LaneTally()
      screen.message = nil
    } catch {
      show(sentence(of: error), tone: .bad)
    }
  }

  /// Chooses the lane under a point, m, and takes hold of what is there. Time goes on where that is the tip: it is led.
  ///
  /// - Parameter turning: whether a thing is to be turned; where the tip is held, the gripper opens or closes instead.
  mutating func takeHold(at point: Vec2, turning: Bool = false) {
    if turning, session.isLedByHand { return session.toggleGripper() }
    guard let lane = layout.lane(at: point) ?? (lanes.count == 1 ? 0 : nil) else { return }
    letGo()
    focus = lane
    session.takeHold(at: point - layout.offset(of: lane), turning: turning)
    guard session.isLedByHand else { return }
    wasPausedBeforeHand = isPaused
    isPaused = false
  }

  /// What was held goes on by itself; what a person did with the tip is learned from, where a policy learns.
  mutating func letGo() {
    let wasLed = session.isLedByHand
    if let correction = session.letGo() {
      learn(from: correction)
    } else if wasLed {
      isPaused = wasPausedBeforeHand
    }
  }

  // MARK: Ends

  /// Tells how the attempt ended, and counts it where nobody had a hand in it.
  mutating func endAttempts() {
    let outcomes = lanes.compactMap(\.outcome)
    if outcomes.count == lanes.count { tally.add(outcomes, seed: session.world.info.seed) }
    guard lanes.count > 1 else {
      let next =
        switch session.status {
        case .succeeded: "Ctrl-N brings another scene; or type another command."
        default: "Ctrl-N brings another scene; Ctrl-R repeats this one."
        }
      return tellEnd("\(session.ending). \(next)", tone: session.status == .succeeded ? .good : .bad)
    }
    let succeeded = lanes.filter { $0.status == .succeeded }.count
    tellEnd(
      "\(succeeded) of \(lanes.count) succeeded. Ctrl-N brings another scene; Ctrl-R repeats this one.",
      tone: succeeded == lanes.count ? .good : succeeded == 0 ? .bad : .neutral)
  }

  // MARK: What is shown

  /// The lane's policy, and how its attempt stands.
  func title(of lane: Int) -> [DrawItem] {
    let session = lanes[lane]
    let count = tally.episodes > 0 ? "\(tally.successes[lane]) of \(tally.episodes)" : ""
    let state = session.status == .running ? "" : session.ending.lowercasedFirst
    return layout.title(
      of: lane, session.pilot.name, detail: [state, count].filter { !$0.isEmpty }.joined(separator: " · "),
      isFocused: lane == focus)
  }

  /// How the lanes compare over the scenes so far; empty where there is one.
  var laneItems: [PanelItem] {
    guard lanes.count > 1 else { return [] }
    let readings = lanes.indices.map { lane in
      Reading(
        lanes[lane].pilot.name,
        tally.episodes == 0 ? "–" : "\(tally.successes[lane]) of \(tally.episodes)\(tally.words(of: lane))")
    }
    return [.heading("Side by side"), .readings(readings)]
  }
}

extension DemoSession {
  /// How the attempt ended, such as `Done after 3.2 s`.
  var ending: String {
    switch status {
    case .running: "Under way"
    case .succeeded: "Done after \(Double(Int(Double(step) * world.controlPeriod * 10 + 0.5)) / 10) s"
    case .outOfTime: "Out of time"
    case .ruleBroken: "A rule was broken"
    }
  }
}

extension String {
  /// With a small letter first.
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
