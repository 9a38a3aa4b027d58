// MiniLM with its weights, where `make minilm` has fetched them; its numbers are held against PyTorch's by the tests
// of Verification.

import Foundation
import Language
import PlanarCore
import Testing

@Suite struct MiniLMTests {
  /// Nil, and a note, where the weights are missing.
  static let model: MiniLM? = {
    do { return try MiniLM.shared() } catch {
      print("MiniLM's weights are not here, so tests that need them are skipped; 'make minilm' fetches them")
      return nil
    }
  }()

  func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test(.enabled(if: model != nil)) func meaningIsNear() throws {
    let model = try #require(Self.model)
    let push = model.embedding(of: "push the red square to the left zone")
    #expect(push.count == MiniLM.width)
    #expect(abs(cosine(push, push) - 1) < 1e-5)
    let shove = cosine(push, model.embedding(of: "shove the red square towards the left zone"))
    let other = cosine(push, model.embedding(of: "what a lovely day for a walk in the park"))
    #expect(shove > 0.9)
    #expect(other < 0.3)
    #expect(model.embedding(of: "").allSatisfy { $0.isFinite })
  }

  @Test(.enabled(if: model != nil)) func sameBitsFromAnyThread() async throws {
    let model = try #require(Self.model)
    let texts = (0..<6).map { "send disc \($0) home" }
    // One instance's cache, filled by one thread; another's, by many in any order.
    let expected = texts.map { model.tokenStates(of: $0) }
    let fresh = try MiniLM(contentsOf: MiniLM.folder())
    let states = await withTaskGroup(of: (Int, [Float]).self) { group in
      for _ in 0..<3 {
        for i in texts.indices { group.addTask { (i, fresh.tokenStates(of: texts[i])) } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(states.count == 18)
    for (i, state) in states { #expect(state == expected[i]) }
    let pieces = fresh.tokenizer.encode(texts[0]).identifiers.count
    #expect(fresh.tokenStates(of: texts[0]).count == pieces * MiniLM.width)
    #expect(fresh.layerStates(of: texts[0]).last == expected[0])
  }

  @Test func missingFilesSayHowToFetchThem() {
    let nowhere = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let error = #expect(throws: UserError.self) { try MiniLM(contentsOf: nowhere) }
    #expect(error!.message.contains("make minilm"))
    #expect(error!.message.contains("model.safetensors"))
  }
}
