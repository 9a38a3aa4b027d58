// Korean commands: particles, spacing, politeness, and explanations for those who read Korean.

import PlanarArmEnvironments
import PlanarCore
import Testing

private func message(_ text: String, _ folder: String = "push") throws -> String {
  do {
    _ = try grammar(folder).parse(text)
    return ""
  } catch let error as UserError { return error.message }
}

@Test func particlesAgreeWithTheWordBeforeThem() throws {
  let push = try grammar("push")
  let disc = push.wordings(
    of: Instruction(color: "red", shape: "disc", zone: "top"), language: .korean, split: .train)
  #expect(disc.contains("빨간 원을 위쪽으로 밀어"))
  #expect(disc.contains("빨간 원판을 위로 밀어"))
  let square = push.wordings(
    of: Instruction(color: "blue", shape: "square", zone: "bottom"), language: .korean, split: .train)
  #expect(square.contains("파란 네모를 아래로 밀어") && square.contains("파란색 상자를 아래쪽으로 밀어"))
  #expect(square.contains("아래쪽 구역으로 파란 사각형을 밀어 주세요"))
  let together = try grammar("push-together").wordings(
    of: Instruction(requests: [
      Request(
        subject: NounPhrase(color: "yellow", shape: "triangle"),
        target: .object(NounPhrase(color: "green", shape: "disc")))
    ]), language: .korean, split: .train)
  #expect(together.contains("노란 삼각형과 초록 원을 붙여") && together.contains("노란 세모와 초록 원을 붙여"))
}

@Test(arguments: [
  ("서랍", "서랍을 서랍이 서랍은 서랍으로 서랍과"), ("의자", "의자를 의자가 의자는 의자로 의자와"),
  ("물", "물을 물이 물은 물로 물과"), ("T", "T를 T가 T는 T로 T와"), ("3", "3을 3이 3은 3으로 3과"),
])
func everyParticleAgrees(_ word: String, _ expected: String) throws {
  let grammar = try CommandGrammar(
    contentsOf: temporaryFile(
      """
      templates:
        ko: {train: ["{zone}을/를 {zone2}이/가"]}
      slots:
        zone: {it: {ko: [\(word)]}}
      """))
  let instruction = Instruction(requests: [Request(target: .zone("it"))])
  var random = RandomStream(seed: 1)
  for (index, spelling) in ["{zone}을/를", "{zone}이/가", "{zone}은/는", "{zone}으로/로", "{zone}과/와"].enumerated() {
    let filled = try grammar.fill("\(spelling) 본다", with: instruction, using: &random)
    #expect(filled == expected.split(separator: " ")[index] + " 본다")
  }
  // Bracketed and single forms agree just as well.
  for spelling in ["{zone}을(를)", "{zone}를", "{zone}을"] {
    let filled = try grammar.fill("\(spelling) 본다", with: instruction, using: &random)
    #expect(filled == expected.split(separator: " ")[0] + " 본다")
  }
  #expect(
    try grammar.fill("{zone}(으)로 가", with: instruction, using: &random) == expected.split(separator: " ")[3]
      + " 가")
  #expect(try grammar.fill("{zone}이다", with: instruction, using: &random) == "\(word)이다")
}

@Test(arguments: [
  "빨간 사각형을 왼쪽 구역으로 밀어", "빨간 사각형를 왼쪽 구역로 밀어", "빨간사각형을 왼쪽구역으로 밀어 주세요",
  "빨간 사각형 왼쪽 구역으로 밀어줘", "빨간색 네모를 왼쪽으로 밀어라!", "빨간 상자를 왼쪽 구역으로 미세요",
  "왼쪽 구역으로 빨간 사각형을 밀어주시겠어요?", "빨간 사각형을 왼쪽 구역으로 옮기십시오", "빨간 사각형을 왼쪽 구역에 놓아요",
  "왼쪽 구역으로 빨간 사각형", "빨간 사각형은 왼쪽 구역으로 밀어",
])
func koreanIsUnderstoodHoweverItIsSpelled(_ text: String) throws {
  let found = try grammar("push").recognize(text)
  #expect(found.instruction == Instruction(color: "red", shape: "square", zone: "left"))
  #expect(found.language == .korean)
}

@Test func relationsReadNaturallyInBothLanguages() throws {
  let push = try grammar("push")
  let nearest = Instruction(requests: [
    Request(
      subject: NounPhrase(
        shape: "square", relation: Relation(.nearest, .object(color: "blue", shape: "disc"))),
      target: .zone("left"))
  ])
  #expect(try push.parse("push the square nearest to the blue disc to the left zone") == nearest)
  #expect(try push.parse("파란 원에서 가장 가까운 사각형을 왼쪽 구역으로 밀어") == nearest)
  let leftOf = Instruction(requests: [
    Request(
      subject: NounPhrase(color: "red", relation: Relation(.leftOf, .zone("top"))), target: .zone("right"))
  ])
  #expect(try push.parse("put the red thing left of the upper zone in the right zone") == leftOf)
  #expect(try push.parse("위쪽 구역의 왼쪽에 있는 빨간 물체를 오른쪽 구역으로 옮겨 줘") == leftOf)
  #expect(
    push.attributes(of: nearest) == [
      "shape": "square", "zone": "left", "relation": "nearest", "landmark": "blue disc",
    ])
}

@Test func koreanCommandsAreRefusedInKorean() throws {
  #expect(
    try message("보라색 사각형을 왼쪽 구역으로 밀어")
      == "여기에 보라색 물체는 없습니다. 색은 빨간, 초록, 파란, 노란 중 하나입니다. '빨간 원을 왼쪽 구역으로 밀어'처럼 말해 보세요")
  #expect(try message("빨간 육각형을 왼쪽 구역으로 밀어").hasPrefix("여기에 '육각형'이 없습니다. 모양은 원, 사각형, 삼각형 중 하나입니다"))
  #expect(try message("보라색 원을 밀어").hasPrefix("여기에 보라색 물체는 없습니다"))
  #expect(try message("빨간 육각형을 밀어").hasPrefix("여기에 '육각형'이 없습니다"))
  #expect(try message("빨간 사각횽을 왼쪽 구역으로 밀어").hasPrefix("'사각횽'을 이해하지 못했습니다. 혹시 '사각형'입니까?"))
  #expect(try message("빨간 원을 북쪽 구역으로 밀어").hasPrefix("여기에 '북쪽' 구역은 없습니다. 구역은 왼쪽, 오른쪽, 위쪽, 아래쪽 중 하나입니다"))
  #expect(try message("빨간 원을 밀어").hasPrefix("구역이 빠졌습니다. 왼쪽, 오른쪽, 위쪽, 아래쪽 중 하나를 말해 주세요"))
  #expect(try message("빨간 파란 원을 왼쪽 구역으로 밀어").hasPrefix("색이 둘입니다: '빨간'과 '파란'"))
  #expect(try message("빨간 원을 왼쪽 구역으로 불태워").hasPrefix("'불태워'를 이해하지 못했습니다"))
  #expect(try message("왼쪽으로 춤을 춰", "trace").hasPrefix("'왼쪽으로 춤을 춰'를 이해하지 못했습니다. 여기에는 통로가 하나 있습니다"))
  #expect(try message("T를 목표에 맟춰", "pusht") == "'t를 목표에 맟춰'를 이해하지 못했습니다. 혹시 'T를 목표에 맞춰'입니까?")
}
