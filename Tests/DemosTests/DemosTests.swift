// The demos do what their first lines promise.

import PlanarArmEnvironments
import Foundation
import PlanarPolicyInterface
import PlanarProgramTesting
import Testing

/// The numbers of the line that begins with `start`.
private func numbers(in text: String, lineBeginning start: String) throws -> [Double] {
  let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(start) })
  return line.dropFirst(start.count).split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
}

@Suite(.serialized) struct Demos {
  @Test func handWrittenRulesObeyMostCommands() throws {
    let run = try run("drive-by-hand")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    let done = lines.count { $0.contains(": done after") }
    #expect(lines.count == 11)
    #expect(lines.last == "\(done) of 10 commands obeyed")
    #expect(done >= 7)
  }

  @Test func someTrainingBeatsChance() throws {
    let run = try run("train-in-thirty-lines", ["500"])
    #expect(run.status == 0)
    let trained = try numbers(in: run.output, lineBeginning: "trained:")
    let random = try numbers(in: run.output, lineBeginning: "random:")
    let gain = try numbers(in: run.output, lineBeginning: "difference, 95 % interval:")
    #expect(trained[0] > random[0])
    #expect(trained[1] == 200 && random[1] == 200)
    #expect(gain[0] > 0, "not better than chance beyond doubt:\n\(run.output)")
  }

  @Test func aSentenceThatCannotBeObeyedGetsItsReason() throws {
    let run = try run("obey-a-sentence", ["push", "the", "purple", "disc"])
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(
      run.errors
        == "no object is purple here; colors are red, green, blue or yellow: try 'push the red disc to the left zone'\n"
    )
  }

  /// The sentence of the README names what the first scene lacks.
  @Test(.enabled(if: hasCheckpoint, "the shipped checkpoint is not there"))
  func aSceneIsFoundForTheSentence() throws {
    let sentence = "push the blue square to the top zone"
    let run = try run("obey-a-sentence", [sentence])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("\"\(sentence)\": "))
  }

  static let hasCheckpoint = FileManager.default.fileExists(
    atPath: projectFolder.appendingPathComponent("Assets/checkpoints/push-flow/config.json").path)

  /// Another sentence in the same scene must lead to another outcome: each is judged by its own words.
  @Test(.enabled(if: hasCheckpoint, "the shipped checkpoint is not there"))
  func sentencesAreObeyed() throws {
    var world = try ArmEnvironment(randomization: "train")
    _ = try world.reset(seed: 2000, command: .drawn)
    let drawn = try run("obey-a-sentence")
    #expect(drawn.status == 0)
    #expect(drawn.output.hasPrefix("\"\(world.info.drawnCommand)\": "))

    var obeyed = 0
    var sentences = 0
    for color in ["red", "green", "blue", "yellow"] {
      for shape in ["disc", "square", "triangle"] {
        guard world.objectIndex(color: color, shape: shape) != nil else { continue }
        for zone in ["left", "right"] {
          let sentence = "push the \(color) \(shape) to the \(zone) zone"
          let run = try run("obey-a-sentence", [sentence])
          #expect(run.status == 0)
          sentences += 1
          obeyed += run.output.hasPrefix("\"\(sentence)\": obeyed after ") ? 1 : 0
        }
      }
    }
    #expect(sentences == 6)
    #expect(obeyed >= 4)
  }
}
