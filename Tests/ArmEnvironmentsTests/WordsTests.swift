// Composed words: what they single out, in which order they want things, and what is held out.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

private func world(
  rung: Int, split: CommandSplit = .any, language: CommandLanguage = .english
) throws -> ArmEnvironment {
  var settings = EnvironmentSettings(randomization: "none")
  settings.rung = rung
  settings.split = split
  settings.language = language
  return try ArmEnvironment(named: "words", settings: settings)
}

@Suite struct WordsTests {
  private let objects = [
    VisibleObject(colorName: "red", shapeName: "square", position: Vec2(-0.2, 0.3)),
    VisibleObject(colorName: "green", shapeName: "square", position: Vec2(0.1, 0.1)),
    VisibleObject(colorName: "blue", shapeName: "disc", position: Vec2(0, 0.2)),
    VisibleObject(colorName: "red", shapeName: "disc", position: Vec2(0.2, 0.2)),
    VisibleObject(colorName: "yellow", shapeName: "disc", position: Vec2(-0.2, 0.1)),
  ]

  @Test(arguments: [
    ("push the square other than the red square to the top zone", 1),
    ("find the square that is not the green box and push it to the top zone", 0),
    ("빨간 사각형 말고 다른 사각형을 위쪽 구역으로 밀어", 1),
    ("초록 사각형이 아닌 사각형을 위쪽 구역으로 밀어", 0),
    ("push the disc second nearest to the right zone to the left zone", 2),
    ("오른쪽 구역에서 두 번째로 가까운 원을 왼쪽 구역으로 밀어", 2),
    ("push the red disc, no, the yellow disc to the left zone", 4),
    ("빨간 원 말고 노란 원을 왼쪽 구역으로 밀어", 4),
    ("don't push the red square, push the green square to the left zone", 1),
  ])
  func oneObjectIsMeant(_ text: String, object: Int) throws {
    let grammar = try EnvironmentLibrary.grammar(of: "words")
    let zones = [(name: "left", center: Vec2(-0.25, 0.25)), (name: "right", center: Vec2(0.25, 0.25))]
    let subject = try #require(grammar.parse(text).requests.first?.subject)
    #expect(try subject.resolve(among: objects, zones: zones) == [object], "\(subject)")
  }

  /// Each rung asks for what the one before does not; whatever is asked for is understood, and means one thing.
  @Test func rungsComposeFarther() throws {
    var relations: [Int: Set<String>] = [:]
    var pairs: [Int: Int] = [:]
    for rung in 1...3 {
      for language in [CommandLanguage.english, .korean] {
        var world = try world(rung: rung, language: language)
        for seed in 0..<60 as Range<UInt64> {
          _ = try world.reset(seed: seed, command: .drawn)
          let command = try world.grammar.recognize(world.info.command)
          #expect(command.instruction == world.instruction, "\(world.info.command)")
          pairs[rung, default: 0] += world.instruction.requests.count - 1
          for kind in world.instruction.requests.compactMap(\.subject?.relation?.kind) {
            relations[rung, default: []].insert(kind.name)
          }
        }
      }
    }
    #expect(relations[1] == nil && relations[2]!.isSuperset(of: ["otherThan", "secondNearest", "farthest", "leftOf"]))
    #expect(pairs[1] == 0 && pairs[2] == 0 && pairs[3]! > 20)
  }

  /// A clause about another object never speaks of the one that is meant.
  @Test(arguments: [CommandSplit.any, .distractor])
  func whatIsLeftAloneIsNotWhatIsMeant(split: CommandSplit) throws {
    var clauses = 0
    var world = try world(rung: 2, split: split)
    for seed in 0..<150 as Range<UInt64> {
      _ = try world.reset(seed: seed, command: .drawn)
      guard let bystander = try world.grammar.recognize(world.info.command).bystander else { continue }
      clauses += 1
      let zones = world.scene.zones.map { (name: $0.name, center: $0.center) }
      let alone = try bystander.resolve(among: world.scene.visibleObjects, zones: zones)
      #expect(!alone.contains(try #require(world.goal.conditions.first?.object)), "\(world.info.command)")
    }
    #expect(split == .distractor ? clauses == 150 : (20...110).contains(clauses))
  }

  /// "First … then …" is not obeyed by doing it the other way round.
  @Test func theOrderCounts() throws {
    var forward = try world(rung: 3)
    var failures = 0
    for seed in 0..<40 as Range<UInt64> where failures < 5 {
      _ = try forward.reset(seed: seed, command: .drawn)
      guard forward.instruction.requests.count == 2 else { continue }
      let turned = Instruction(requests: forward.instruction.requests.reversed())
      let text = try #require(
        forward.grammar.wordings(of: turned, language: .english, split: .any).first)
      var backward = forward
      _ = try backward.reset(seed: seed, command: .text(text))
      var expert = try #require(backward.scriptedExpert)
      expert.beginEpisode(seed: seed)
      while true {
        let action = expert.action(in: backward)
        let transition = forward.step(action)
        if transition.terminated || transition.truncated {
          #expect(transition.terminated && !transition.succeeded, "\(forward.info.command)")
          failures += 1
          break
        }
        let other = backward.step(action)
        if other.terminated || other.truncated { break }
      }
    }
    #expect(failures == 5)
  }

  @Test func relationsAreHeldOutWithSomeZonesAndShapes() throws {
    func heldOut(_ world: ArmEnvironment) -> Bool {
      world.instruction.requests.contains { request in
        guard case .zone(let zone) = request.target, let subject = request.subject else { return false }
        switch subject.relation?.kind.name {
        case "otherThan": return zone == "top" || subject.shape == "disc"
        case "secondNearest": return zone == "right"
        case "leftOf": return subject.shape == "square"
        case "farthest": return zone == "bottom"
        case nil:
          return [
            ["red", "square", "left"], ["green", "disc", "right"], ["blue", "triangle", "top"],
            ["yellow", "square", "bottom"],
          ].contains([subject.color, subject.shape, zone])
        default: return false
        }
      }
    }
    for (split, expected) in [(CommandSplit.train, false), (.compositional, true)] {
      var world = try world(rung: 2, split: split)
      var related = 0
      for seed in 0..<60 as Range<UInt64> {
        _ = try world.reset(seed: seed, command: .drawn)
        #expect(heldOut(world) == expected, "\(split): \(world.info.command)")
        if world.instruction.requests[0].subject?.relation != nil { related += 1 }
      }
      #expect(related > 10)
    }
  }
}
