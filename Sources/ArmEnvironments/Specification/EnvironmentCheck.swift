// Tries an environment out, as a person would before training on it.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// What was found in an environment's folder, one line a finding.
public struct EnvironmentCheck: Encodable, Sendable {
  /// Something to mend.
  public struct Finding: Encodable, Hashable, Sendable {
    /// The randomization level at which it shows; empty where it shows without.
    public var level: String
    /// What is wrong, what was expected, and how to mend it.
    public var message: String
  }

  /// The folder that was checked.
  public var path: String
  /// What was found, in the files' order.
  public var findings: [Finding] = []
  /// What was tried, one line each.
  public var tried: [String] = []

  /// Whether nothing was found.
  public var isSound: Bool { findings.isEmpty }

  /// Loads a folder, resets it `resets` times at every level, and lets the scripted expert work, where there is one.
  ///
  /// - Parameter path: a folder, or a file of one; an environment file under another name is read with the
  ///   `commands.yaml` beside it, and a robot's file is read alone.
  public init(_ path: URL, resets: Int = 200, threads: Int = 1) {
    self.path = path.path
    do { try run(path.standardizedFileURL, resets: resets, threads: threads) } catch {
      add("", "\(error)")
    }
  }

  private mutating func add(_ level: String, _ message: String) {
    let finding = Finding(level: level, message: message)
    if !findings.contains(finding) { findings.append(finding) }
  }

  private mutating func run(_ path: URL, resets: Int, threads: Int) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder) else {
      throw UserError("there is no file or folder \(path.path)")
    }
    if isFolder.boolValue {
      guard FileManager.default.fileExists(atPath: path.appendingPathComponent("environment.yaml").path) else {
        throw UserError("the folder \(path.path) holds no environment.yaml")
      }
      return try check(path, "environment.yaml", resets, threads)
    }
    let folder = path.deletingLastPathComponent()
    if path.lastPathComponent == "commands.yaml" { return try check(folder, "environment.yaml", resets, threads) }
    let top = try SpecReader.open(path)
    if !top.has("randomization"), top.has("link_lengths") || top.has("servo_stiffness") {
      _ = try RobotSpecification(robotFile: path)
      tried.append("read as a robot's file")
      return
    }
    try check(folder, path.lastPathComponent, resets, threads)
  }

  private mutating func check(_ folder: URL, _ file: String, _ resets: Int, _ threads: Int) throws {
    let url = folder.appendingPathComponent(file)
    let top = try SpecReader.open(url)
    guard try taskRegistry.kind(of: top).isOnTable else {
      let description = try EnvironmentDescription(TaskKind.Files(folder: folder, name: file))
      tried.append("read; levels \(description.levels.map(\.name).joined(separator: ", "))")
      return
    }
    let specification = try EnvironmentSpecification(contentsOf: url)
    let library = try? EnvironmentLibrary.home().appendingPathComponent("Environments").resolvingSymlinksInPath().path
    if file == "environment.yaml", folder.deletingLastPathComponent().resolvingSymlinksInPath().path == library,
      specification.name != folder.lastPathComponent
    {
      add(
        "",
        "\(url.path):\(top.line(of: "name")): 'name' is '\(specification.name)', but commands find an environment by its folder, '\(folder.lastPathComponent)'"
      )
    }
    for level in specification.levels {
      let environment = try ArmEnvironment(
        TaskKind.Files(folder: folder, name: file), settings: EnvironmentSettings(randomization: level.name))
      try checkResets(environment, count: resets, level: level.name)
      try checkExpert(environment, level: level.name, threads: threads)
    }
    try checkRungs(specification, folder, file, resets, threads)
    tried.append("\(resets) resets at each of \(specification.levels.map(\.name).joined(separator: ", "))")
  }

  private mutating func checkRungs(
    _ specification: EnvironmentSpecification, _ folder: URL, _ file: String, _ resets: Int, _ threads: Int
  ) throws {
    guard specification.rungs > 1, let level = specification.levels.first?.name else { return }
    let files = TaskKind.Files(folder: folder, name: file)
    var settings = EnvironmentSettings(randomization: level)
    let first = try ArmEnvironment(files, settings: settings)
    for rung in 2...specification.rungs {
      settings.rung = rung
      let environment = try ArmEnvironment(files, settings: settings)
      let place = "\(level), rung \(rung)"
      for feature in first.features.observations + [first.features.action] {
        let other =
          feature.name == first.features.action.name ? environment.features.action : environment.features[feature.name]
        guard other?.hasLayout(of: feature) == true else {
          add(
            place,
            "rung \(rung) changes the feature \(feature.name); a rung may make the task harder, not change what is observed"
          )
          continue
        }
      }
      try checkResets(environment, count: resets, level: place)
      try checkExpert(environment, level: place, threads: threads)
    }
    tried.append("rungs 2 to \(specification.rungs) at \(level)")
  }

  private mutating func checkResets(_ world: ArmEnvironment, count: Int, level: String) throws {
    var environment = world
    let features = world.features
    var crowded = 0
    for seed in 0..<UInt64(count) {
      let observation = try environment.reset(seed: seed, command: .drawn)
      if environment.holds(environment.goal) {
        add(level, "seed \(seed) begins with its command obeyed: '\(environment.info.command)'")
      }
      if let parsed = try? environment.grammar.parse(environment.info.command) {
        if parsed != environment.goal.instruction {
          add(
            level,
            "seed \(seed): the command '\(environment.info.command)' is understood as something else than it was made from"
          )
        }
      } else {
        add(level, "seed \(seed): the command '\(environment.info.command)' is not understood by commands.yaml itself")
      }
      if let outside = features.firstOutside(observation) { add(level, "seed \(seed): \(outside)") }
      if environment.isCrowded { crowded += 1 }
    }
    if crowded > count / 20 {
      add(
        level,
        "in \(crowded) of \(count) resets the objects found no room with the full 'objects.clearance'; enlarge 'spawn_x' and 'spawn_y', or reduce count or clearance"
      )
    }
  }

  private mutating func checkExpert(_ world: ArmEnvironment, level: String, threads: Int) throws {
    guard let expert = world.scriptedExpert else { return }
    let starts = 20
    let solved = try parallelMap(count: starts, threads: threads) { i -> Bool in
      var environment = world
      _ = try environment.reset(seed: UInt64(i), command: .drawn)
      var expert = expert
      expert.beginEpisode(seed: UInt64(i))
      while true {
        let transition = environment.step(expert.action(in: environment))
        if transition.terminated || transition.truncated { return transition.succeeded }
      }
    }.filter(\.self).count
    tried.append("the scripted expert obeyed \(solved) of \(starts) commands at \(level)")
    if solved < starts * 3 / 4 {
      add(
        level, "the scripted expert obeyed only \(solved) of \(starts) commands: the task may be too hard as it is set")
    }
  }
}

extension ArmEnvironment {
  /// Whether the objects stand nearer to each other than the clearance of the file.
  fileprivate var isCrowded: Bool {
    let objects = scene.objects
    for (index, object) in objects.enumerated() {
      for other in objects[..<index] {
        let room = object.circumradius + other.circumradius + specification.objects.clearance
        if (object.start.position - other.start.position).length <= room { return true }
      }
    }
    return false
  }
}

extension FeatureSet {
  /// The first number of an observation that is not within its bounds, in words; nil where all are.
  public func firstOutside(_ observation: Observation) -> String? {
    for feature in observations {
      switch feature.dtype {
      case .float32:
        if let outside = feature.firstOutside(observation.floats(feature.name)) { return outside }
      case .uint8:
        let count = observation.bytes(feature.name).count
        if count != feature.count { return "\(feature.name) has \(count) bytes instead of \(feature.count)" }
      }
    }
    return nil
  }
}

extension FeatureSpec {
  fileprivate func firstOutside(_ values: [Float]) -> String? {
    guard values.count == count else { return "\(name) has \(values.count) numbers instead of \(count)" }
    for (index, value) in values.enumerated() {
      let element = index % elements.count
      guard value.isFinite else { return "\(name): \(elements[element]) is \(value)" }
      if let bounds = bounds?[element], !(bounds.least...bounds.greatest).contains(value) {
        return "\(name): \(elements[element]) is \(value), outside of \(bounds.least) to \(bounds.greatest)"
      }
    }
    return nil
  }
}
