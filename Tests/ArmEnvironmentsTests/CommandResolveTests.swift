// Which objects of a scene words mean, and what is said where they mean none or several.

import PlanarArmEnvironments
import PlanarCore
import Testing

private func object(_ color: String, _ shape: String, _ x: Double, _ y: Double) -> VisibleObject {
  VisibleObject(colorName: color, shapeName: shape, position: Vec2(x, y))
}

private let table = [
  object("red", "square", -0.2, 0.3), object("blue", "square", 0.1, 0.3), object("blue", "disc", 0.2, 0.1),
  object("red", "square", 0.0, 0.1),
]
private let zones = [(name: "left", center: Vec2(-0.25, 0.25)), (name: "top", center: Vec2(0, 0.4))]

private func find(_ phrase: NounPhrase) throws -> [Int] { try phrase.resolve(among: table, zones: zones) }

private func noun(
  _ color: String?, _ shape: String?, _ kind: Relation.Kind, _ landmark: Relation.Landmark,
  _ quantifier: NounPhrase.Quantifier = .the
) -> NounPhrase {
  NounPhrase(quantifier, color: color, shape: shape, relation: Relation(kind, landmark))
}

private func message(_ phrase: NounPhrase, _ language: CommandLanguage = .english) throws -> String {
  do {
    _ = try grammar("push").resolve(phrase, among: table, zones: zones, language: language)
    return "none"
  } catch let error as UserError { return error.message }
}

@Test func phrasesFindTheirObjects() throws {
  #expect(try find(NounPhrase(color: "blue", shape: "square")) == [1])
  #expect(try find(NounPhrase(shape: "disc")) == [2])
  #expect(try find(NounPhrase(.every, color: "red")) == [0, 3])
  #expect(try find(NounPhrase(.every)) == [0, 1, 2, 3])
  let disc = Relation.Landmark.object(color: "blue", shape: "disc")
  #expect(try find(noun(nil, "square", .nearest, disc)) == [3])
  #expect(try find(noun(nil, "square", .farthest, disc)) == [0])
  #expect(try find(noun("red", "square", .nearest, .zone("left"))) == [0])
  #expect(try find(noun("red", nil, .above, disc)) == [0])
  #expect(try find(noun(nil, "square", .leftOf, disc, .every)) == [0, 1, 3])
  #expect(try find(noun("blue", nil, .rightOf, .zone("top"), .every)) == [1, 2])
  #expect(try find(noun(nil, nil, .below, .object(color: "blue", shape: "square"), .every)) == [2, 3])
  // The landmark itself is never meant: "the blue thing nearest to the blue disc" is the square.
  #expect(try find(noun("blue", nil, .nearest, disc)) == [1])
}

@Test func objectsThatAreNotThereOrNotAloneAreExplained() throws {
  let disc = Relation.Landmark.object(color: "blue", shape: "disc")
  #expect(
    try message(NounPhrase(color: "green", shape: "disc"))
      == "there is no green disc on the table; on it are a red square, a blue square, a blue disc, a red square"
  )
  #expect(
    try message(NounPhrase(color: "blue"))
      == "'the blue object' may mean the blue square or the blue disc; say which")
  #expect(
    try message(NounPhrase(color: "red", shape: "square"))
      == "'the red square' may mean any of 2 objects; say what it is nearest to or left of")
  #expect(
    try message(noun("red", nil, .rightOf, disc))
      == "there is no red object right of the blue disc on the table")
  #expect(
    try message(noun("blue", "square", .nearest, .object(color: "yellow", shape: "disc"))).hasPrefix(
      "there is no yellow disc on the table"))
  #expect(
    try message(noun("blue", nil, .nearest, .object(color: "red", shape: nil))).hasPrefix(
      "'the red object' may mean"))
  #expect(
    try message(noun("red", nil, .nearest, .zone("bottom")))
      == "there is no zone 'bottom' here; zones are left, top")
}

@Test func koreanReadersAreToldInKorean() throws {
  let disc = Relation.Landmark.object(color: "blue", shape: "disc")
  #expect(
    try message(NounPhrase(color: "green", shape: "disc"), .korean)
      == "탁자 위에 초록 원이 없습니다. 있는 것: 빨간 사각형, 파란 사각형, 파란 원, 빨간 사각형")
  #expect(
    try message(NounPhrase(color: "blue"), .korean)
      == "'파란 물체'가 여럿입니다: 파란 사각형, 파란 원. 어느 것인지 말해 주세요")
  #expect(try message(noun("red", nil, .rightOf, disc), .korean) == "탁자 위에 파란 원의 오른쪽에 있는 빨간 물체가 없습니다")
  #expect(
    try message(noun("red", nil, .nearest, .zone("bottom")), .korean) == "여기에 '아래쪽' 구역은 없습니다. 구역은 왼쪽, 위쪽입니다")
}

@Test func twinsAreToldApartByWhatStandsAroundThem() throws {
  let push = try grammar("push")
  for language in [CommandLanguage.english, .korean, .any] {
    for index in [0, 3] {
      let phrases = push.relationalPhrases(for: index, among: table, zones: zones, language: language)
      #expect(!phrases.isEmpty)
      for phrase in phrases {
        #expect(try phrase.resolve(among: table, zones: zones) == [index])
        let command = Instruction(requests: [Request(subject: phrase, target: .zone("left"))])
        #expect(push.wordingCount(of: command, language: language, split: .train) > 0)
      }
    }
  }
  let first = push.relationalPhrases(for: 0, among: table, zones: zones, language: .english)
  #expect(first.contains(noun(nil, "square", .nearest, .zone("left"))))
  // The other red square is no landmark, having a twin.
  #expect(!first.contains { $0.relation?.landmark == .object(color: "red", shape: "square") })
  // A few millimetres do not make one of two the nearest.
  let even = [
    object("red", "square", -0.1, 0), object("red", "square", 0.1, 0.02), object("blue", "disc", 0, 0.2),
  ]
  #expect(
    push.relationalPhrases(for: 1, among: even, zones: [], language: .english).allSatisfy {
      ![.nearest, .farthest].contains($0.relation!.kind)
    })
}
