// Commands: understood in every wording, refused with a sentence that helps.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
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
    let text = try grammar.sample(goal, language: .english, split: .any, using: &random)
    wordings.insert(text)
    #expect(try grammar.parse(text) == goal)
  }
  #expect(wordings.count == grammar.wordingCount(of: goal, language: .english, split: .any))
}

@Test func textThatCannotBeObeyedGetsAReasonAndAWay() throws {
  #expect(
    try message("push the purple disc to the left zone")
      == "no object is purple here; colors are red, green, blue or yellow: try 'push the red disc to the left zone'"
  )
  #expect(
    try message("push the gren disc to the left zone")
      == "cannot understand 'gren' (did you mean 'green'?); try 'push the red disc to the left zone'")
  #expect(
    try message("push the red to the left zone").contains("names no shape; say disc, square or triangle"))
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

@Test func anEnvironmentExplainsInTheLanguageOfTheCommand() throws {
  var environment = try ArmEnvironment(randomization: "none")
  _ = try environment.reset(seed: 3, command: .drawn)
  let absent = try #require(
    environment.grammar.instructions(in: .any).first {
      let attributes = environment.grammar.attributes(of: $0)
      return environment.objectIndex(color: attributes["color"]!, shape: attributes["shape"]!) == nil
    })
  for command in environment.grammar.wordings(of: absent, language: .korean, split: .any).prefix(3) {
    for attempt in [
      { try _ = environment.reset(seed: 3, command: .text(command)) }, { try environment.give(command: command) },
    ] {
      #expect {
        try attempt()
      } throws: {
        "\($0)".hasPrefix("탁자 위에 ")
      }
    }
  }
  #expect {
    var settings = EnvironmentSettings(randomization: "none")
    settings.split = .distractor
    _ = try ArmEnvironment(named: "reach", settings: settings)
  } throws: {
    "\($0)".contains("has no 'distractor' templates in 'en'")
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

@Test func wordsThatNameNothingHereAreToldByWhatTheyStandFor() throws {
  #expect(
    try message("push the red hexagon to the left zone").hasPrefix(
      "no object is called 'hexagon' here; shapes are disc, square or triangle"))
  #expect(
    try message("slide the red disc to the north").hasPrefix(
      "no zone is called 'north' here; zones are left, right, top or bottom"))
  #expect(try message("push the purple disc").hasPrefix("no object is purple here"))
  #expect(try message("push the red hexagon").hasPrefix("no object is called 'hexagon' here"))
  #expect(try message("shove the purple thing towards the left zone").hasPrefix("no object is purple here"))
  #expect(
    try message("burn the red disc").hasPrefix(
      "cannot understand 'burn': colors are red, green, blue or yellow, shapes are disc, square or triangle"))
}

@Test func freeWordsAreUnderstoodWhereTheyNameWhatIsNeeded() throws {
  let push = try grammar("push")
  let goal = Instruction(color: "red", shape: "square", zone: "left")
  for text in ["red square left", "left: red box!", "please bring red box to left area"] {
    let found = try push.recognize(text)
    #expect(found.instruction == goal && found.wordedBy == nil, "\(text)")
  }
  #expect(try push.recognize("the left zone is where the red square belongs").wordedBy == .paraphrase)
  // "not" belongs to the distractor wordings: loose words with it are refused, not half understood.
  #expect(try message("the red square, not the blue disc, left").contains("cannot understand 'not'"))
  #expect(
    try message("push the red square and the blue disc to the left zone").contains(
      "names two colors, 'red' and 'blue'"))
  let tidy = try grammar("tidy")
  let sorted = try tidy.parse("every red thing to the left zone and every blue thing to the right zone")
  #expect(
    tidy.attributes(of: sorted) == ["color": "red", "zone": "left", "color2": "blue", "zone2": "right"])
  #expect(throws: UserError.self) { try tidy.parse("every red thing to the left zone") }
  let together = try grammar("push-together")
  #expect(
    try together.parse("bring red square and blue disc together")
      == Instruction(requests: [
        Request(
          subject: NounPhrase(color: "red", shape: "square"),
          target: .object(NounPhrase(color: "blue", shape: "disc")))
      ]))
}

@Test func distractorWordingsNameTheirBystander() throws {
  let push = try grammar("push")
  let goal = Instruction(color: "red", shape: "square", zone: "top")
  let other = NounPhrase(color: "blue", shape: "disc")
  var random = RandomStream(seed: 2)
  for language in [CommandLanguage.english, .korean] {
    for _ in 0..<50 {
      let text = try push.sample(goal, language: language, split: .distractor, mentioning: other, using: &random)
      let found = try push.recognize(text)
      #expect(found.instruction == goal && found.bystander == other && found.wordedBy == .distractor)
      let drawn = try push.sample(goal, language: language, split: .distractor, using: &random)
      let bystander = try #require(try push.recognize(drawn).bystander)
      #expect(bystander != goal.requests[0].subject)
    }
  }
}

@Test func missingWordingsAreRefusedBeforehand() throws {
  let reach = try grammar("reach")
  let goal = Instruction(requests: [Request(target: .zone("left"))])
  try reach.requireWordings(of: goal, language: .korean, split: .paraphrase)
  try reach.requireSplit(.paraphrase, language: .any)
  #expect {
    try reach.requireSplit(.distractor, language: .korean)
  } throws: {
    "\($0)".hasSuffix("has no 'distractor' templates in 'ko'; add some, or choose another split or language")
  }
  #expect {
    try reach.requireSplit(.compositional, language: .any)
  } throws: {
    "\($0)".hasSuffix("holds no combination out; list some under 'held_out', or choose another split")
  }
  #expect {
    try reach.requireWordings(of: goal, language: .korean, split: .distractor)
  } throws: {
    "\($0)".hasSuffix(
      "has no Korean wording of this instruction among the 'distractor' templates; add one that has its slots"
    )
  }
}
