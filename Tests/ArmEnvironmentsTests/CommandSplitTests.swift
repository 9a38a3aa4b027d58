// Every grammar of the library: each wording means what it was made from, and no split has a command of
// another.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing

/// The folders of the library that hold a commands.yaml.
let commandFolders: [String] = {
  guard let folder = try? EnvironmentLibrary.home().appendingPathComponent("Environments"),
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
  else { return [] }
  return names.filter {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("\($0)/commands.yaml").path)
  }.sorted()
}()

func grammar(_ folder: String) throws -> CommandGrammar { try EnvironmentLibrary.grammar(of: folder) }

private let separate: [CommandSplit] = [.train, .paraphrase, .compositional, .distractor]
private let languages: [CommandLanguage] = [.english, .korean]

@Test(arguments: [
  "belt", "detour", "pick-place", "push", "push-together", "pusht", "pusht-arm", "reach", "recall", "slide", "slot",
  "tidy", "trace", "trace-blind", "words",
])
func everyTaskSpeaksBothLanguagesInOtherWordsToo(_ folder: String) throws {
  let grammar = try grammar(folder)
  #expect(commandFolders.contains(folder))
  #expect(grammar.languages == languages)
  let instruction = try #require(grammar.instructions(in: .paraphrase).first)
  for language in languages {
    #expect(grammar.wordingCount(of: instruction, language: language, split: .train) >= 3)
    #expect(grammar.wordingCount(of: instruction, language: language, split: .paraphrase) >= 6)
  }
}

@Test(arguments: commandFolders) func everyWordingIsUnderstood(_ folder: String) throws {
  let grammar = try grammar(folder)
  for split in separate {
    // One bystander for each instruction is enough; the next test tells all of them apart.
    for instruction in some(of: grammar.instructions(in: split)) {
      let other = split == .distractor ? grammar.bystanderExample(for: instruction) : nil
      for language in grammar.languages {
        for text in grammar.wordings(of: instruction, language: language, split: split, mentioning: other) {
          let found = try grammar.recognize(text)
          #expect(found.instruction == instruction, "\(text)")
          #expect(found.language == language && found.bystander == other, "\(text)")
          #expect(found.wordedBy == (split == .compositional ? .train : split), "\(text)")
        }
      }
    }
  }
}

@Test(arguments: commandFolders) func noSplitHasACommandOfAnother(_ folder: String) throws {
  let grammar = try grammar(folder)
  var owners: [String: CommandSplit] = [:]
  var counts: [CommandSplit: Int] = [:]
  for split in separate {
    for instruction in some(of: grammar.instructions(in: split)) {
      let texts = grammar.wordings(of: instruction, language: .any, split: split)
      #expect(Set(texts).count == texts.count)
      #expect(texts.count == grammar.wordingCount(of: instruction, language: .any, split: split))
      for text in texts {
        let owner = owners.updateValue(split, forKey: plain(text))
        #expect(owner == nil, "\(text) is in \(split) and \(owner.map(\.rawValue) ?? "")")
      }
      counts[split, default: 0] += texts.count
    }
  }
  #expect(counts[.train, default: 0] > 0)
  #expect(
    (counts[.compositional] != nil)
      == (grammar.instructions(in: .any).count > grammar.instructions(in: .train).count))
}

/// All of them, or of very many some that lie evenly apart: two requests make thousands of pairs.
private func some(of instructions: [Instruction]) -> [Instruction] {
  let step = max(1, instructions.count / 200)
  return stride(from: 0, to: instructions.count, by: step).map { instructions[$0] }
}

/// Capitals, punctuation and spaces do not make a command another one.
private func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }

extension CommandGrammar {
  /// An object that differs from the instruction's in colour and shape.
  fileprivate func bystanderExample(for instruction: Instruction) -> NounPhrase? {
    let subject = instruction.requests[0].subject
    let color = values(of: "color").first { $0 != subject?.color }
    return color.map { NounPhrase(color: $0, shape: values(of: "shape").first { $0 != subject?.shape }) }
  }
}

@Test func trainAndCompositionalShareOutTheCombinations() throws {
  let push = try grammar("push")
  let all = push.instructions(in: .any)
  #expect(all.count == 48)
  for instruction in all {
    let homes = [CommandSplit.train, .compositional].filter { push.admits(instruction, in: $0) }
    #expect(homes.count == 1)
    #expect(push.admits(instruction, in: .paraphrase) == (homes == [.train]))
    #expect(push.admits(instruction, in: .distractor) == (homes == [.train]))
    #expect(push.admits(instruction, in: .any))
    if homes == [.compositional] {
      #expect(push.wordings(of: instruction, language: .any, split: .train).isEmpty)
    }
  }
  let heldOut = push.instructions(in: .compositional)
  #expect(heldOut.count == 8)
  #expect(heldOut.contains(Instruction(color: "red", shape: "square", zone: "left")))
  // Every pair of values is trained on, so that only the combination is new.
  let train = push.instructions(in: .train).map { push.attributes(of: $0) }
  for (a, b) in [("color", "shape"), ("color", "zone"), ("shape", "zone")] {
    for x in push.values(of: a) {
      for y in push.values(of: b) { #expect(train.contains { $0[a] == x && $0[b] == y }) }
    }
  }
}

@Test func pairsAreHeldOutInEitherOrder() throws {
  let together = try grammar("push-together")
  let red = NounPhrase(color: "red", shape: "square")
  let blue = NounPhrase(color: "blue", shape: "disc")
  for (a, b) in [(red, blue), (blue, red)] {
    let instruction = Instruction(requests: [Request(subject: a, target: .object(b))])
    #expect(together.admits(instruction, in: .compositional) && !together.admits(instruction, in: .train))
  }
  let tidy = try grammar("tidy")
  func request(_ color: String, _ zone: String) -> Request {
    Request(subject: NounPhrase(.every, color: color), target: .zone(zone))
  }
  for requests in [
    [request("red", "right"), request("blue", "left")], [request("blue", "left"), request("red", "right")],
  ] {
    #expect(tidy.admits(Instruction(requests: requests), in: .compositional))
  }
  #expect(tidy.admits(Instruction(requests: [request("red", "left"), request("blue", "right")]), in: .train))
}

@Test(arguments: ["push", "pick-place"]) func relationsAreUnderstoodInBothLanguages(_ folder: String) throws {
  let grammar = try grammar(folder)
  var random = RandomStream(seed: 9)
  var landmarks: [Relation.Landmark] = grammar.values(of: "color").flatMap { color in
    grammar.values(of: "shape").map { .object(color: color, shape: $0) }
  }
  landmarks += [.object(color: "red", shape: nil), .object(color: nil, shape: "disc")]
  landmarks += grammar.values(of: "zone").map { .zone($0) }
  var count = 0
  for kind in Relation.Kind.standard {
    for landmark in landmarks {
      for color in [nil, "yellow"] {
        for shape in [nil, "disc"] {
          let noun = NounPhrase(color: color, shape: shape, relation: Relation(kind, landmark))
          let zone = grammar.values(of: "zone")[random.integer(below: grammar.values(of: "zone").count)]
          let instruction = Instruction(requests: [Request(subject: noun, target: .zone(zone))])
          for language in languages {
            for split in [CommandSplit.train, .paraphrase, .distractor] {
              guard grammar.wordingCount(of: instruction, language: language, split: split) > 0 else {
                // In pick-place bins are landmarks of distances only.
                if case .zone = landmark, folder == "pick-place" { continue }
                Issue.record("no wording for \(instruction)")
                continue
              }
              let text = try grammar.sample(instruction, language: language, split: split, using: &random)
              #expect(try grammar.parse(text) == instruction, "\(text)")
              count += 1
            }
          }
        }
      }
    }
  }
  #expect(count > 1_500)
}
