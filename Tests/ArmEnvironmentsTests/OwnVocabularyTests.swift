// Slots and relations that a task declares: drawn, said, understood and refused like those of every task.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct OwnVocabularyTests {
  private static let commands = """
    templates:
      en:
        train: ["push the {color} {shape} to the {edge} edge", "to the {edge} edge with the {color} {shape}"]
        paraphrase: ["let the {color} {shape} lie at the {edge} edge"]
      ko:
        train: ["{color} {shape}을/를 {edge} 가장자리로 밀어"]
    slots:
      color: {red: {en: [red], ko: [빨간]}, green: {en: [green], ko: [초록]}, blue: {en: [blue], ko: [파란]}, yellow: {en: [yellow], ko: [노란]}}
      shape: {disc: {en: [disc], ko: [원]}, square: {en: [square], ko: [사각형]}, triangle: {en: [triangle], ko: [삼각형]}}
      zone: {left: {en: [west], ko: [왼쪽]}, right: {en: [east], ko: [오른쪽]}, top: {en: [top], ko: [위쪽]}, bottom: {en: [bottom], ko: [아래쪽]}}
      edge: {left: {en: [left, near left], ko: [왼편]}, right: {en: [right], ko: [오른편]}}
    relations:
      level_with:
        en: ["{noun} level with the {color} {shape}"]
        ko: ["{color} {shape}과/와 나란한 {noun}"]
    held_out:
      - {color: red, edge: left}

    """

  private func environment(_ language: CommandLanguage = .english) throws -> ArmEnvironment {
    let copy = try EnvironmentCopy()
    try copy.edit("\ntask: push\n", to: "\ntask: edge\n")
    try copy.write(Self.commands, to: "commands.yaml")
    return try withExtendedLifetime(copy) { () throws -> ArmEnvironment in
      var settings = EnvironmentSettings(randomization: "none")
      settings.language = language
      settings.split = .train
      return try ArmEnvironment(TaskKind.Files(folder: copy.folder), of: EdgeTask.kind, settings: settings)
    }
  }

  private func request(_ text: String) throws -> Request {
    try #require(try environment().grammar.parse(text).requests.first)
  }

  @Test(arguments: [
    "push the green disc to the left edge", "let the green disc lie at the near left edge",
    "초록 원을 왼편 가장자리로 밀어 주세요", "left, green disc",
  ])
  func aSlotIsUnderstoodInAnyWording(_ text: String) throws {
    let request = try request(text)
    #expect(request.words == ["edge": "left"])
    #expect(request.target == nil)
    #expect(request.subject == NounPhrase(color: "green", shape: "disc"))
  }

  @Test func drawnCommandsSayTheSlotAndAreUnderstood() throws {
    var edges: Set<String> = []
    for language in [CommandLanguage.english, .korean] {
      var world = try environment(language)
      for seed in 0..<20 as Range<UInt64> {
        _ = try world.reset(seed: seed, command: .drawn)
        let drawn = try #require(world.instruction.requests.first)
        edges.insert(try #require(drawn.words["edge"]))
        #expect(try world.grammar.parse(world.info.command) == world.instruction)
        #expect(!(drawn.subject?.color == "red" && drawn.words["edge"] == "left"), "held out")
        let goal = try #require(world.goal.conditions.first as? ObjectAtEdge)
        #expect(goal.isLeft == (drawn.words["edge"] == "left"))
      }
    }
    #expect(edges == ["left", "right"])
  }

  @Test func anUnknownValueIsToldWithTheSlotsOwnWords() throws {
    let grammar = try environment().grammar
    #expect(
      throws: UserError(
        "no edge is called 'upper' here; edges are left or right: try 'push the red disc to the left edge'")
    ) {
      try grammar.parse("push the red disc to the upper edge")
    }
    #expect(throws: UserError("the command names no edge; say left or right: try 'push the red disc to the left edge'"))
    {
      try grammar.parse("push the red disc")
    }
    do {
      _ = try grammar.parse("빨간 원을 밀어")
      Issue.record("understood without an edge")
    } catch let error as UserError { #expect(error.message.hasPrefix("가장자리가 빠졌습니다. 왼편, 오른편 중 하나")) }
  }

  @Test func aRelationOfTheTasksOwnSinglesOut() throws {
    let grammar = try environment().grammar
    let subject = try #require(
      grammar.parse("push the square level with the blue disc to the right edge").requests.first?.subject)
    #expect(subject.relation == Relation(.levelWith, .object(color: "blue", shape: "disc")))
    let korean = try #require(grammar.parse("파란 원과 나란한 사각형을 오른편 가장자리로 밀어").requests.first?.subject)
    #expect(korean == subject)
    let objects = [
      VisibleObject(colorName: "red", shapeName: "square", position: Vec2(0.1, 0.3)),
      VisibleObject(colorName: "green", shapeName: "square", position: Vec2(0, 0.1)),
      VisibleObject(colorName: "blue", shapeName: "disc", position: Vec2(-0.2, 0.31)),
    ]
    #expect(try subject.resolve(among: objects, zones: []) == [0])
    #expect(
      grammar.relationalPhrases(for: 0, among: objects, zones: [], language: .any).map(\.relation?.kind) == [.levelWith]
    )
  }

  @Test func instructionsKeepTheirWordsInFiles() throws {
    let instruction = Instruction(requests: [Request(subject: NounPhrase(color: "red"), words: ["edge": "left"])])
    let data = try JSONEncoder().encode(instruction)
    #expect(try JSONDecoder().decode(Instruction.self, from: data) == instruction)
    let plain = String(decoding: try JSONEncoder().encode(Request(target: .zone("left"))), as: UTF8.self)
    #expect(!plain.contains("words"), "a request without such words is written as it always was")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Relation.Kind].self, from: Data("[\"behind\"]".utf8))
    }
  }

  @Test func attributesAndSplitsKnowTheSlot() throws {
    let grammar = try environment().grammar
    let instruction = try grammar.parse("push the red disc to the left edge")
    #expect(grammar.attributes(of: instruction) == ["color": "red", "shape": "disc", "edge": "left"])
    #expect(grammar.admits(instruction, in: .compositional) && !grammar.admits(instruction, in: .train))
    #expect(grammar.instructions(in: .any).count == 4 * 3 * 2)
    var random = RandomStream(seed: 1)
    #expect(
      try grammar.fill("the {color} {shape}: {edge}!", with: instruction, using: &random).hasPrefix("the red disc: "))
  }

  @Test func aSlotOfAnotherTaskIsRefused() throws {
    let url = try temporaryFile(Self.commands)
    #expect {
      try CommandGrammar(contentsOf: url)
    } throws: { error in
      (error as? UserError)?.message.contains("unknown key 'slots.edge'") == true
    }
  }
}
