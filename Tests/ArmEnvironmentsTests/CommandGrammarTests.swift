// Commands: understood in every wording, refused with a sentence that helps.

import ArmEnvironments
import PlanarCore
import PolicyInterface
import Testing

private func message(_ text: String) throws -> String {
  let grammar = try ArmEnvironment(randomization: "none").grammar
  do {
    _ = try grammar.parse(text)
    return ""
  } catch let error as UserError { return error.message }
}

@Test func everySampledWordingMeansItsGoal() throws {
  let grammar = try ArmEnvironment(randomization: "none").grammar
  var random = RandomStream(seed: 1)
  var wordings: Set<String> = []
  let goal = Instruction(color: "blue", shape: "disc", zone: "top")
  for _ in 0..<2_000 {
    let text = grammar.sample(goal, language: .english, split: .any, using: &random)
    wordings.insert(text)
    #expect(try grammar.parse(text) == goal)
  }
  #expect(wordings.count == grammar.wordingCount(of: goal, language: .english, split: .any))
}

@Test func textThatCannotBeObeyedGetsAReasonAndAWay() throws {
  #expect(
    try message("push the purple disc to the left zone")
      == "cannot understand 'purple': colors are red, green, blue or yellow, shapes are disc, square or triangle, zones are left, right, top or bottom; try 'push the red disc to the left zone'"
  )
  #expect(
    try message("push the gren disc to the left zone")
      == "cannot understand 'gren' (did you mean 'green'?); try 'push the red disc to the left zone'")
  #expect(try message("push the red to the left zone").contains("names no shape; say disc, square or triangle"))
  #expect(try message("push the red blue disc left").contains("names two colors, 'red' and 'blue'"))
  #expect(try message("  ").contains("the command is empty"))
  #expect(try message("Push the RED box, to the Left zone!") == "")
}

@Test func aCommandForAnObjectThatIsNotThereSaysWhatIs() throws {
  var environment = try ArmEnvironment(randomization: "none")
  _ = try environment.reset(seed: 3, command: .drawn)
  let all = ["red", "green", "blue", "yellow"].flatMap { c in ["disc", "square", "triangle"].map { (c, $0) } }
  let absent = try #require(
    all.first { environment.objectIndex(color: $0.0, shape: $0.1) == nil })
  #expect {
    try environment.reset(
      seed: 3, command: .text("push the \(absent.0) \(absent.1) to the left zone"))
  } throws: {
    "\($0)".hasPrefix("there is no \(absent.0) \(absent.1) on the table; on it are a ")
  }
}

@Test func unknownEnvironmentsAndLevelsAreRefusedByName() throws {
  #expect(throws: UserError("there is no environment 'psh'; did you mean 'push'?")) {
    try ArmEnvironment(named: "psh")
  }
  #expect {
    try ArmEnvironment(randomization: "extreme")
  } throws: {
    "\($0)".contains("no randomization level 'extreme'; choose one of none, train, wide")
  }
}
