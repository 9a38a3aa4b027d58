// A user's own wordings: filled with names of their language, refused line by line.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing

private let goal = Instruction(color: "red", shape: "square", zone: "left")

private func mistake(_ text: String, _ folder: String = "push") throws -> String {
  do {
    _ = try UserWordings(text, file: "mine.txt", for: grammar(folder))
    return "none"
  } catch let error as UserError { return error.message }
}

@Test func userWordingsAreFilledInTheirOwnLanguage() throws {
  let push = try grammar("push")
  let text = """
    # mine
    hurl the {color} {shape} at the {zone} wall

    {color} {shape}을/를 {zone}으로/로 던져
      {zone} 구석은 {color} {shape}이/가 좋아해
    """
  let file = try temporaryFile(text)
  defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
  let wordings = try UserWordings(contentsOf: file, for: push)
  #expect(wordings.lines.count == 3 && wordings.lines[2].hasPrefix("{zone} 구석은"))
  var random = RandomStream(seed: 4)
  var filled: [Set<String>] = [[], [], []]
  for _ in 0..<200 {
    for (i, line) in wordings.lines.enumerated() {
      filled[i].insert(try push.fill(line, with: goal, using: &random))
    }
  }
  #expect(filled[0] == ["hurl the red square at the left wall", "hurl the red box at the left wall"])
  #expect(filled[1].contains("빨간 사각형을 왼쪽으로 던져") && filled[1].contains("빨간색 네모를 왼쪽으로 던져"))
  #expect(filled[1].count == 6)
  #expect(filled[2].contains("왼쪽 구석은 빨간 사각형이 좋아해") && filled[2].contains("왼쪽 구석은 빨간 상자가 좋아해"))
}

@Test func wordingsOfOtherTasksHaveOtherSlots() throws {
  #expect(try mistake("wander over to {zone}", "reach") == "none")
  #expect(try mistake("sort {color} things {zone}, {color2} things {zone2}", "tidy") == "none")
  #expect(try mistake("wiggle the T home", "pusht") == "none")
  #expect(
    try mistake("wiggle the {color} T home", "pusht")
      == "mine.txt:1: 'wiggle the {color} T home' has {color}, which means nothing here; commands here have no slots"
  )
  #expect(
    try mistake("wander over to {zone} and {zone2}", "reach").hasSuffix(
      "has {zone2}, which means nothing here; slots are {zone}"))
  var random = RandomStream(seed: 4)
  #expect(
    try grammar("pusht").fill("wiggle the T home", with: .onlyGoal, using: &random) == "wiggle the T home")
}

@Test func mistakesInWordingFilesAreToldByLine() throws {
  #expect(
    try mistake("# x\n\npush the {colr} {shape} to {zone}")
      == "mine.txt:3: 'push the {colr} {shape} to {zone}' has an unknown slot {colr}; did you mean {color}?")
  #expect(
    try mistake("push the {color} {shape} away")
      == "mine.txt:1: 'push the {color} {shape} away' lacks {zone}; a wording here names {color} {shape} {zone}"
  )
  #expect(
    try mistake("# nothing\n\n")
      == "mine.txt holds no wording; write one a line, such as 'push the {color} {shape} to the {zone} zone'")
  #expect {
    try UserWordings(contentsOf: URL(fileURLWithPath: "/nowhere/mine.txt"), for: grammar("push"))
  } throws: {
    "\($0)".hasPrefix("there is no file /nowhere/mine.txt")
  }
}

@Test func aWordingThatCannotSayACommandIsRefused() throws {
  let push = try grammar("push")
  let relation = Instruction(requests: [
    Request(
      subject: NounPhrase(shape: "square", relation: Relation(.nearest, .zone("top"))), target: .zone("left"))
  ])
  var random = RandomStream(seed: 4)
  #expect(
    try [
      "hurl the square nearest to the top zone left", "hurl the square closest to the upper zone left",
      "hurl the box nearest to the top zone left", "hurl the box closest to the upper zone left",
      "hurl the square nearest to the upper zone left", "hurl the square closest to the top zone left",
      "hurl the box nearest to the upper zone left", "hurl the box closest to the top zone left",
    ].contains(push.fill("hurl the {color} {shape} {zone}", with: relation, using: &random)))
  #expect {
    try push.fill("a {shape} of {color}: {zone}", with: relation, using: &random)
  } throws: {
    "\($0)".hasPrefix("the wording 'a {shape} of {color}: {zone}' cannot say this command")
  }
}

@Test func aLineWithoutSlotsIsSaidAsItStands() throws {
  let grammar = try EnvironmentLibrary.grammar(of: "push")
  let wordings = try UserWordings("hello robot\n안녕\n", file: "mine.txt", for: grammar)
  var random = RandomStream(seed: 1)
  let goal = Instruction(color: "red", shape: "disc", zone: "left")
  #expect(try wordings.lines.map { try grammar.fill($0, with: goal, using: &random) } == ["hello robot", "안녕"])
}
