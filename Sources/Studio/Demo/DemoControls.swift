// What keys and clicks do to a session, apart from any window.
//
// Typing types: a letter of any language begins a command, Enter gives it, Esc clears it. Shortcuts are letters with
// Ctrl at any time, and keys that begin no command (Space, Tab, digits, '.') while the field has no focus. A command
// that cannot be obeyed stays in the field for mending, with the sentence that says why.

import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// A session with its text field, pause, messages and help.
public struct DemoControls<World: DrawableEnvironment>: WindowControls {
  /// What is shown, side by side: the same scene in all, each driven by a policy of its own.
  public internal(set) var lanes: [DemoSession<World>]
  /// The place of the lane that was clicked last: keys choose its policy.
  public internal(set) var focus = 0
  /// How the lanes did in the scenes that all of them drove undisturbed.
  public internal(set) var tally = LaneTally()
  /// The line in which a command is typed.
  public internal(set) var field = TextField()
  /// The commands that were given.
  var history = CommandHistory()
  /// How the command was completed last; nil where it was not, or was given since.
  var completion: CommandCompletion?
  /// Whether time stands still.
  public internal(set) var isPaused: Bool
  /// How many times as fast as it is the episode is shown, 1/8 to 8.
  public internal(set) var speed: Double
  /// Whether objects bear the initials of their colours.
  public private(set) var showsInitials: Bool
  /// Whether the factors of the world can be set in the panel.
  public private(set) var showsWorld: Bool
  /// The environments that E goes through; empty where there is no other.
  public let environments: [String]
  /// Seconds that a finished scene stays before the next comes by itself.
  public let pauseAfterEpisode: Double
  /// A policy that learns while it is watched; nil where none does.
  public var learning: LearningFeed?
  /// Makes the menu of what else there is, at most once; nil where there is nothing else.
  public var makeMenu: (() -> DemoMenu)?
  var menu: DemoMenu?
  var isMenuShown = false
  /// The environment whose policies the menu shows.
  var menuPlace: String?
  /// Where it has come, as far as is known.
  var learningProgress: LearningProgress?
  var screen = ScreenState(modifier: .control, pictureKey: .letter("i"))
  /// A command that makes sense in the scene.
  var suggestion: String?
  var wantsSingleStep = false
  /// Whether time stood still before a hand took the tip.
  var wasPausedBeforeHand = false
  /// The denoising step that is shown was chosen by hand.
  var isDenoisingHeld = false
  private var request: DemoRequest?
  /// Control steps that were due since the attempt ended.
  private var restingSteps = 0

  /// Controls of sessions that are shown side by side, from the start of the same scene.
  ///
  /// - Parameters:
  ///   - lanes: 1 to 4 of them; see `DemoSession.beside(drivenBy:)`.
  ///   - environments: that E goes through.
  ///   - pauseAfterEpisode: seconds.
  public init(
    lanes: [DemoSession<World>], view: DemoView = DemoView(), environments: [String] = [],
    pauseAfterEpisode: Double = 2
  ) {
    precondition((1...LaneLayout.most).contains(lanes.count), "one to four sessions are shown")
    self.lanes = lanes
    for index in lanes.indices { self.lanes[index].showing = view.showing }
    isPaused = view.isPaused
    speed = view.speed
    showsInitials = view.showsInitials
    showsWorld = view.showsWorld
    screen.showsPicture = view.showsPicture
    suggestion = lanes[0].world.suggestedCommand
    self.environments = environments
    self.pauseAfterEpisode = pauseAfterEpisode
  }

  /// Controls of a session by itself.
  public init(
    session: DemoSession<World>, view: DemoView = DemoView(), environments: [String] = [],
    pauseAfterEpisode: Double = 2
  ) {
    self.init(lanes: [session], view: view, environments: environments, pauseAfterEpisode: pauseAfterEpisode)
  }

  /// The session of the lane in focus.
  public var session: DemoSession<World> {
    get { lanes[focus] }
    _modify { yield &lanes[focus] }
  }

  // MARK: What the window shows

  /// Time between two actions, s.
  public var controlPeriod: Double { session.world.controlPeriod }
  /// The picture of the worlds.
  public var scene: DrawList {
    layout.scene(
      of: lanes.map { lane in
        var list = lane.shownScene
        if showsInitials { list.items += lane.world.initials }
        return list
      })
  }
  /// Whether an episode has just begun, or time was turned back.
  public var isSceneFresh: Bool { step == 0 || isInPast }
  /// What suits the strips around several scenes.
  var theme = WindowTheme.light
  /// Draws the strips and titles around several scenes so that they suit a theme.
  public mutating func use(_ theme: WindowTheme) { self.theme = theme }
  /// How it is looked at.
  public var view: DemoView {
    DemoView(
      showing: session.showing, isPaused: isPaused, speed: speed, showsPicture: screen.showsPicture,
      showsInitials: showsInitials, showsWorld: showsWorld)
  }
  /// What is drawn above the scene: the predicted chunks, the hand, and the lanes' titles.
  public var overlay: [DrawItem] {
    lanes.indices.flatMap { lane in
      layout.placed(lanes[lane].overlay + (lane == focus ? handOverlay : []), in: lane) + title(of: lane)
    }
  }
  /// The part of the world that is shown; nil for all of it.
  public var visible: WorldRectangle? { screen.visible(of: layout.bounds) }
  /// What the camera sees, where that is shown.
  public var sidePicture: SidePicture? {
    guard screen.showsPicture else { return nil }
    let isSeen = session.pilot.driver.policy?.features.image != nil
    return session.world.cameraPicture(of: session.latestObservation, isSeen: isSeen)
  }
  /// Whether the card of all keys is shown.
  public var isHelpShown: Bool { screen.isHelpShown }
  /// Whether the window should close.
  public var wantsQuit: Bool { screen.wantsQuit }
  /// The sentence under the field, if there is one.
  public var message: (text: String, tone: Tone)? { screen.message }

  /// Whether a screenshot was asked for since the last call.
  public mutating func takeScreenshotRequest() -> Bool { screen.takeScreenshotRequest() }

  /// The session that a key asked for since the last call.
  public mutating func takeSessionRequest() -> DemoRequest? {
    defer { request = nil }
    return request
  }

  /// Shows a sentence in the panel.
  public mutating func show(_ text: String, tone: Tone = .neutral) { screen.message = (text, tone) }

  // MARK: Time

  /// Executes one control step; returns a line where a new chunk was predicted.
  public mutating func takeStep() -> String? {
    followLearning()
    for index in lanes.indices { lanes[index].compareWithDemonstrations() }
    let line = advance()?.line
    playDenoising()
    restingSteps = mayMoveOn ? restingSteps + 1 : 0
    if Double(restingSteps) * controlPeriod > pauseAfterEpisode { moveOn() }
    return line
  }

  /// Takes one control step in every lane that runs, or a single one that was asked for.
  ///
  /// - Returns: what was predicted in the lane in focus, if anything was.
  public mutating func advance() -> ChunkReport? {
    guard !isPaused || wantsSingleStep, isRunning else {
      wantsSingleStep = false
      return nil
    }
    wantsSingleStep = false
    var report: ChunkReport?
    for index in lanes.indices {
      let chunk = lanes[index].advance()
      if index == focus { report = chunk }
    }
    if !isRunning { endAttempts() }
    return report
  }

  /// What is wrong with a command that is being mended stays to be read.
  mutating func tellEnd(_ text: String, tone: Tone) {
    if message?.tone == .bad, field.isFocused { return }
    show(text, tone: tone)
  }

  /// Whether a finished scene may give way to the next by itself: nobody is typing, paused, or has taken
  /// over with an own command.
  public var mayMoveOn: Bool {
    !isRunning && !isPaused && !field.isFocused && !session.isTypedCommand && !isHelpShown && !isInPast
      && !session.isLedByHand
  }

  /// Begins the next episode.
  public mutating func moveOn() { perform { try $0.nextEpisode() } }

  // MARK: Input

  /// Reacts to a key, a click or typed text.
  public mutating func handle(_ event: Event) {
    if case .key(.letter(let letter), let modifiers) = event, modifiers.contains(.control),
      letter != "a" || !field.isFocused
    {
      // What is selected is not lost to a key that means copying or cutting elsewhere.
      if field.isFocused, field.isAllSelected, letter == "c" || letter == "x" { return }
      return handleShortcut(event)
    }
    if case .key(let key, let modifiers) = event, handleCommandKey(key, modifiers) { return }
    switch event {
    case .character(let character) where character.isLetter: beginTyping()
    case .paste: beginTyping()
    default: break
    }
    switch field.handle(event) {
    case .submitted(let text): submit(text)
    case .edited: break
    case .cancelled: history.leave()
    case .ignored: handleShortcut(event)
    }
  }

  private mutating func beginTyping() {
    field.isFocused = true
    isMenuShown = false
  }

  private mutating func submit(_ text: String) {
    guard text.contains(where: { !$0.isWhitespace }) else { return field.setText("") }
    do {
      try give(command: text)
      history.add(text)
      completion = nil
      suggestion = session.world.suggestedCommand
      field.setText("")
      screen.message = nil
      isPaused = false
      if let cut = session.pilot.driver.policy?.cutOff(of: text) { show("the command \(cut)", tone: .bad) }
    } catch {
      field.isFocused = true
      show(sentence(of: error), tone: .bad)
    }
  }

  private mutating func handleShortcut(_ event: Event) {
    if screen.handle(event, bounds: layout.bounds) { return }
    switch event {
    case .choiceClicked(let id):
      if chooseFromMenu(id) { return }
      if let index = session.pilots.firstIndex(where: { $0.name == id }) { select(index) }
    case .switchClicked(let id):
      if chooseFromMenu(id) { return }
      if id == Self.askID { toggleAsking() } else if let view = ThinkingView(rawValue: id) { toggle(view) }
    case .scrubbed(let step): seek(to: step)
    case .slid(let id, let share): setSlider(id, to: share)
    case .character("+"), .character("="): changeSpeed(by: 2)
    case .character("-"): changeSpeed(by: 0.5)
    case .character("["): stepDenoising(by: -1)
    case .character("]"): stepDenoising(by: 1)
    // The key press of '/' comes before its character; the character alone must not be typed.
    case .character("/"), .key(.enter, _): field.isFocused = true
    case .mousePressed(let point, .left): takeHold(at: point)
    case .mousePressed(let point, .right): takeHold(at: point, turning: true)
    case .mouseMoved(let point): session.moveHand(to: point - layout.offset(of: focus))
    case .mouseReleased(_, let button): if button == .left || !session.isLedByHand { letGo() }
    case .key(let key, let modifiers): handleShortcut(key, modifiers)
    default: break
    }
  }

  private mutating func handleShortcut(_ key: Key, _ modifiers: Modifiers) {
    let count = session.pilots.count
    let isBackward = modifiers.contains(.shift)
    if case .letter = key, !modifiers.contains(.control) { return }
    switch key {
    case .letter("n"): perform { try $0.nextEpisode() }
    case .letter("r"): perform { try $0.restartEpisode() }
    case .letter("e"): askForEnvironment(isBackward)
    case .letter("g"): askForLevel(isBackward)
    case .letter("l"): askForLanguage(isBackward)
    case .letter("s"), .period: takeSingleStep()
    case .letter("b"): showsInitials.toggle()
    case .letter("k"): isBackward ? resetWorld() : showsWorld.toggle()
    case .letter("y"): toggleAsking()
    case .letter("c"): toggleMenu()
    case .letter("o"): changeLanes(by: isBackward ? -1 : 1)
    case .letter(let letter):
      if let view = ThinkingView.allCases.first(where: { $0.letter == letter }) { toggle(view) }
    case .left: seek(to: step - (isBackward ? 10 : 1))
    case .right: isInPast ? seek(to: step + (isBackward ? 10 : 1)) : takeSingleStep()
    case .home: seek(to: keptSteps.lowerBound)
    case .end: seek(to: keptSteps.upperBound)
    case .space: togglePause()
    case .tab: select((session.pilotIndex + (isBackward ? count - 1 : 1)) % count)
    case .digit(let number) where (1...count).contains(number): select(number - 1)
    default: break
    }
  }

  mutating func select(_ index: Int) {
    guard index != session.pilotIndex else { return }
    session.selectPilot(index)
    tally = LaneTally()
  }

  /// Does the same in all lanes.
  mutating func perform(_ action: (inout DemoSession<World>) throws -> Void) {
    letGo()
    do {
      for index in lanes.indices { try action(&lanes[index]) }
      suggestion = session.world.suggestedCommand
      screen.message = nil
    } catch {
      show(sentence(of: error), tone: .bad)
    }
  }

  // MARK: Other sessions

  private mutating func askForEnvironment(_ isBackward: Bool) {
    guard let next = environments.neighbour(of: session.world.name, isBackward) else {
      return show("There is no other environment here.")
    }
    ask { $0.environment = next }
  }

  private mutating func askForLevel(_ isBackward: Bool) {
    let levels = session.world.randomizationLevels
    guard let next = levels.neighbour(of: session.world.randomization, isBackward) else {
      return show("There is no other level of randomization here.")
    }
    ask {
      $0.randomization = next
      $0.note = "Randomization: \(next)."
    }
  }

  private mutating func askForLanguage(_ isBackward: Bool) {
    let languages = CommandLanguage.allCases
    guard let present = session.world.commandLanguage,
      let next = languages.neighbour(of: present, isBackward)
    else { return show("This environment has one set of wordings in all its languages.") }
    ask {
      $0.language = next
      $0.note = "Scenes have commands in \(next.words)."
    }
  }

  /// The present scene's seed and pilot stay.
  mutating func ask(_ change: (inout DemoRequest) -> Void) {
    let world = session.world
    var other = DemoRequest(
      environment: world.name, randomization: world.randomization,
      language: world.commandLanguage ?? .english, seed: world.info.seed, pilots: lanes.map(\.pilot.name),
      view: view)
    for factor in world.adjustableFactors where session.adjusted.contains(factor.name) {
      other.factors[factor.name] = factor.value
    }
    change(&other)
    request = other
  }
}

extension CommandLanguage {
  /// As a sentence names it.
  fileprivate var words: String {
    switch self {
    case .english: "English"
    case .korean: "Korean"
    case .any: "any of the languages"
    }
  }
}

extension Array where Element: Equatable {
  /// The element after or before another, around the ends; nil where there is no other.
  fileprivate func neighbour(of element: Element, _ isBackward: Bool) -> Element? {
    let index = firstIndex(of: element) ?? 0
    guard count > 1 else { return nil }
    return self[(index + (isBackward ? count - 1 : 1)) % count]
  }
}
