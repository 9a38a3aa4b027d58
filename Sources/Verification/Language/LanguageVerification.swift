// planar verify language: MiniLM's tokenizer and encoder against PyTorch's numbers.

import Foundation
import PlanarLanguage
import PlanarCore

/// Replays the cases of a folder's `minilm.json`, in the layout of `make_language.py`.
public enum LanguageVerification {
  /// The reference file's name within the folder.
  public static let fileName = "minilm.json"
  static let textsName = "commands.json"

  /// Of one text: identifiers must be equal, and elements of the embedding and its cosine to the reference be as near
  /// as the folder's page asks for.
  ///
  /// - Parameter model: the folder of MiniLM's files; nil: the project's.
  /// - Throws: `UserError` where a file or the model is missing or malformed.
  public static func cases(in directory: URL, model: URL? = nil) throws -> [VerificationCase] {
    let textsURL = directory.appendingPathComponent(textsName)
    let texts = try readingReference(textsURL, generator: generator) {
      try decodeReference([String].self, from: Data(contentsOf: textsURL))
    }
    let file = ReferenceFile(name: fileName) { data in
      let file = try decodeReference(SentenceFile.self, from: data)
      try file.check(texts)
      let model = try MiniLM.shared(in: model)
      return file.items.enumerated().map { sentenceCase($1, index: $0, model) }
        + [layerCase(file.debug, file.items[file.debug.item], model)]
    }
    return try file.read(at: directory.appendingPathComponent(fileName), generator: generator)
  }

  private static let generator = "make_language.py"

  /// Replays all cases of a folder, some at a time; the results do not depend on `threads`.
  ///
  /// - Throws: `UserError` as `cases(in:model:)`.
  public static func run(
    directory: URL, model: URL? = nil, threads: Int, progress: any ProgressReporter = SilentProgress()
  ) throws -> VerificationReport {
    try replay(cases(in: directory, model: model), threads: threads, progress: progress)
  }

  private static func sentenceCase(_ item: SentenceFile.Item, index: Int, _ model: MiniLM) -> VerificationCase {
    VerificationCase("minilm/\(index + 1) \(item.title)") {
      let (identifiers, isTruncated) = model.tokenizer.encode(item.text)
      let isEqual = identifiers == item.ids && isTruncated == item.truncated
      let embedding = model.embedding(of: item.text)
      return [
        VerificationCheck("identifiers that differ", error: isEqual ? 0 : differences(identifiers, item), tolerance: 0),
        TensorLimit.absolute(5e-6).check("embedding", embedding, item.embedding),
        VerificationCheck("1 - cosine", error: 1 - cosine(embedding, item.embedding), tolerance: 1e-6),
      ]
    }
  }

  /// At least 1 where anything differs.
  private static func differences(_ identifiers: [Int32], _ item: SentenceFile.Item) -> Double {
    let pairs = zip(identifiers, item.ids).count { $0 != $1 }
    return Double(max(1, pairs + abs(identifiers.count - item.ids.count)))
  }

  private static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func product(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }

  /// What passes between the layers: the file has the first features of the first tokens.
  private static func layerCase(
    _ debug: SentenceFile.Debug, _ item: SentenceFile.Item, _ model: MiniLM
  ) -> VerificationCase {
    VerificationCase("minilm/layers of \(item.title)") {
      let states = model.layerStates(of: item.text)
      return zip(debug.values, states).enumerated().map { layer, pair in
        let (reference, states) = pair
        let numbers = reference.indices.flatMap { token in
          states[token * MiniLM.width..<token * MiniLM.width + reference[token].count]
        }
        // Six digits of numbers up to 3 or so, and single precision behind six layers.
        return TensorLimit.absolute(2e-5).check(
          layer == 0 ? "first norm" : "layer \(layer)", Array(numbers), reference.flatMap { $0 })
      }
    }
  }
}
