// The wordings of `push` are many, and those that test generalisation stay apart from those that are trained on.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing

private let own = ["push-own.txt", "push-own-ko.txt"]

private func ownWordings(_ name: String) throws -> [String] {
  try UserWordings(
    contentsOf: EnvironmentLibrary.home().appendingPathComponent("Assets/wordings/\(name)"), for: grammar("push")
  ).lines
}

/// Every word of a split's wordings that are not names, for one instruction.
private func words(_ split: CommandSplit, _ language: CommandLanguage) throws -> [Set<String>] {
  let instruction = Instruction(color: "red", shape: "triangle", zone: "left")
  return try grammar("push").wordings(of: instruction, language: language, split: split).map(wordSet)
}

private func wordSet(_ text: String) -> Set<String> {
  Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
}

@Test(arguments: [CommandLanguage.english, .korean])
func pushIsAskedForInManyWays(_ language: CommandLanguage) throws {
  #expect(try words(.train, language).count >= 30)
  #expect(try words(.paraphrase, language).count >= 8)
}

@Test(arguments: [CommandLanguage.english, .korean])
func everyParaphraseHasWordsThatNoTrainWordingHas(_ language: CommandLanguage) throws {
  let trained = try words(.train, language).reduce(into: Set<String>()) { $0.formUnion($1) }
  for paraphrase in try words(.paraphrase, language) {
    #expect(!paraphrase.subtracting(trained).isEmpty, "\(paraphrase.sorted()) says nothing new")
  }
}

@Test(arguments: own) func sentencesThatNobodyPlannedForAreNew(_ name: String) throws {
  let push = try grammar("push")
  let lines = try ownWordings(name)
  #expect(lines.count == 20)
  let instruction = Instruction(color: "red", shape: "triangle", zone: "left")
  let language: CommandLanguage = name == "push-own.txt" ? .english : .korean
  let planned = try [CommandSplit.train, .paraphrase].flatMap { try words($0, language) }
  var random = RandomStream(seed: 1)
  for line in lines {
    #expect(CommandLanguage(of: line) == language)
    let text = try push.fill(line, with: instruction, using: &random)
    #expect(!text.contains("{") && !text.contains("/"), "\(text)")
    #expect(!planned.contains(wordSet(text)), "\(text) is planned for")
  }
}
