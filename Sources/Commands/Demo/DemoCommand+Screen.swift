// planar demo in a window or a browser.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio
import PlanarWebScreen

extension DemoCommand {
  /// Shows a session in a browser where --web is given, else in a window.
  ///
  /// - Throws: `UserError` where the port is taken, or no window can be opened.
  func present(
    _ first: any WindowControls, by window: SessionWindow = SessionWindow(), _ stop: StopFlag
  ) throws {
    func show(_ first: some WindowControls) throws {
      var controls = first
      guard web else {
        var window = window
        window.theme = theme
        return try window.run(&controls, stop: stop)
      }
      let screen = try WebScreen(port: port)
      defer { screen.close() }
      print(webAddress(of: screen))
      // Where the output is a file or a pipe, somebody waits for the address.
      StandardStreams.flush()
      window.run(&controls, on: screen, stop: stop)
    }
    try show(first)
  }

  /// Where the session is, and how to reach it from elsewhere.
  private func webAddress(of screen: WebScreen) -> String {
    // Where somebody is here by SSH, the way they came leads here again.
    let place = ProcessInfo.processInfo.environment["SSH_CONNECTION"]?.split(separator: " ").dropFirst(2).first
    let host = place.map(String.init) ?? ProcessInfo.processInfo.hostName
    return """
      The demo is at
        \(screen.address)
      From another machine, begin there with this line, and open the same address:
        ssh -L \(screen.port):127.0.0.1:\(screen.port) \(NSUserName())@\(host)
      It waits while no page is open. Ctrl-C ends it.
      """
  }

  /// Begins with a world, and lets keys go on to others.
  func runOnScreen<World: LibraryEnvironment & DrawableEnvironment>(_ world: World, _ stop: StopFlag) throws {
    let controls = try controls(
      in: world, firstSeed: seed, driving: nil, command: command, view: DemoView(showing: views))
    try present(controls, by: window(of: world.name), stop)
    try printNextSteps(after: world)
  }

  /// Keys lead on to others. Elsewhere the command may make no sense, and the policies may not fit.
  ///
  /// - Parameter home: the environment that the command is given in.
  func window(of home: String) -> SessionWindow {
    SessionWindow { request in
      try open(load(request), request, command: request.environment == home ? command : nil)
    }
  }

  private func open<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ request: DemoRequest, command: String?
  ) throws -> any WindowControls {
    var controls = try controls(
      in: world, firstSeed: request.seed, driving: request.pilots, command: command, view: request.view)
    try controls.adjust(request.factors)
    return controls
  }

  /// The environment that was asked for by a key: at the wanted level, or at the first that it has.
  private func load(_ request: DemoRequest) throws -> any LibraryEnvironment {
    var refusal: (any Error)?
    for level in [request.randomization, "train", "none"] {
      do {
        var settings = try environment.settings()
        settings.randomization = level
        settings.language = request.language
        tellReplacement(of: request.environment)
        return try EnvironmentLibrary.environment(named: request.environment, settings: settings)
      } catch {
        refusal = refusal ?? error
      }
    }
    throw refusal!
  }

  /// - Parameter driving: the pilots that drive, a lane each; where there is none of a name, and where nil, whoever
  ///   drives first.
  func controls<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World, firstSeed: UInt64, driving: [String]?, command: String?, view: DemoView
  ) throws -> DemoControls<World> {
    let choice = try choice(of: command, in: world)
    var pilots = try pilots(in: world)
    // Whoever was chosen from the menu drives too.
    for name in driving ?? [] where !pilots.contains(where: { $0.name == name }) {
      guard let folder = Checkpoint.folder(of: name), Checkpoint.shippedNames.contains(name),
        try Checkpoint.configuration(of: folder).environment == world.name
      else { continue }
      pilots.append(try maker.pilot(name, in: world))
    }
    let session = try DemoSession(
      world: world, pilots: pilots, firstSeed: firstSeed, command: choice, expert: world.scriptedExpert)
    var places =
      driving.map { names in names.compactMap { name in pilots.firstIndex { $0.name == name } } }
      ?? (sideBySide || preset != nil ? Array(pilots.indices.prefix(4)) : [])
    if places.isEmpty { places = [favourite(of: pilots)] }
    // As many stand side by side as before, where there are as many.
    let others = pilots.indices.filter { !places.contains($0) }
    places += others.prefix(max(0, (driving?.count ?? 0) - places.count))
    var controls = DemoControls(
      lanes: try places.map { try session.beside(drivenBy: $0) }, view: view,
      environments: try EnvironmentLibrary.names())
    controls.makeMenu = { DemoMenu(beside: world) }
    return controls
  }

  /// What is shown of the thinking.
  var views: Set<ThinkingView> { show.isEmpty ? preset?.views ?? [] : show }

  /// What is told in every episode: a command, or a word for a text that is none.
  ///
  /// - Throws: `UserError` where the world has no such command.
  func choice(of command: String?, in world: some LibraryEnvironment) throws -> CommandChoice {
    try CommandChoice(typed: command, in: world)
  }

  /// Who drives first: the last of the policies, which are in the order of their strength, else the first of the others.
  private func favourite<World>(of pilots: [DemoPilot<World>]) -> Int {
    pilots.lastIndex { $0.driver.isPolicyAlone } ?? 0
  }
}
