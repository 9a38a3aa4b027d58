// all-MiniLM-L6-v2: a frozen sentence encoder that has read a billion pairs of sentences, run by our own code.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import Synchronization

/// The sentence encoder all-MiniLM-L6-v2 (Apache-2.0): 6 layers of 384 features, 22.7 million weights (Wang et al.
/// 2020, arXiv 2002.10957; Reimers & Gurevych 2019, arXiv 1908.10084).
///
/// Its files are `model.safetensors` and `vocab.txt` in one folder, which `make minilm` fetches. It has learned
/// English only: Korean text is cut into letters or becomes `[UNK]`.
///
/// ```swift
/// let model = try MiniLM(contentsOf: folder)
/// let vector = model.embedding(of: "push the red square to the left zone")   // 384 numbers, length 1
/// ```
public final class MiniLM: Sendable {
  /// Features of an embedding, and of each token's state.
  public static let width = BERTEncoder.width

  /// Cuts text into the model's word pieces.
  public let tokenizer: WordPieceTokenizer
  private let encoder: BERTEncoder
  /// One tape, and what has been computed on it.
  private let work = Mutex(Work())

  private struct Work {
    let tape = Tape(recording: false)
    /// Last hidden states `[tokens, 384]` of texts met so far.
    var states: [String: [Float]] = [:]
  }

  /// Texts that are kept; a session may type any number of commands.
  private static let keptTexts = 4096

  /// Reads the model.
  ///
  /// - Throws: `UserError` where the folder or a file is missing (it says how to fetch them) or is not this model.
  public init(contentsOf folder: URL) throws {
    let (weights, vocabulary) = (
      folder.appendingPathComponent("model.safetensors"), folder.appendingPathComponent("vocab.txt")
    )
    for file in [weights, vocabulary] where !FileManager.default.fileExists(atPath: file.path) {
      throw UserError(
        "MiniLM's file '\(file.path)' is missing; fetch the model (90 MB, once) with 'make minilm' in the project's folder"
      )
    }
    tokenizer = try WordPieceTokenizer(contentsOf: vocabulary)
    encoder = try BERTEncoder(contentsOf: weights, pieces: tokenizer.count)
  }

  /// Where `make minilm` puts the model: `Assets/minilm` in the project's folder.
  ///
  /// - Throws: `UserError` where there is no project.
  public static func folder() throws -> URL {
    try ProjectFolder.find("Assets/minilm")
      ?? ProjectFolder.home().appendingPathComponent("Assets/minilm", isDirectory: true)
  }

  /// Whether the model has been fetched.
  public static var isFetched: Bool {
    guard let folder = try? folder() else { return false }
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent("model.safetensors").path)
  }

  private static let loaded = Mutex<[String: MiniLM]>([:])

  /// The model of a folder, read once in a process.
  ///
  /// - Parameter folder: nil: the project's.
  /// - Throws: `UserError` as `init` and `folder()`.
  public static func shared(in folder: URL? = nil) throws -> MiniLM {
    let folder = try folder ?? self.folder()
    return try loaded.withLock { loaded in
      if let model = loaded[folder.standardizedFileURL.path] { return model }
      let model = try MiniLM(contentsOf: folder)
      loaded[folder.standardizedFileURL.path] = model
      return model
    }
  }

  /// The last hidden states of a text's tokens, `[CLS]` and `[SEP]` included: `[tokens, 384]`, row-major.
  ///
  /// Computed once for a text and kept; may be called from any thread.
  public func tokenStates(of text: String) -> [Float] {
    work.withLock { work in
      if let states = work.states[text] { return states }
      let states = encoder.hiddenStates(of: tokenizer.encode(text).identifiers, on: work.tape)
      if work.states.count >= Self.keptTexts { work.states.removeAll() }
      work.states[text] = states
      return states
    }
  }

  /// What passes through the encoder: the states after the first norm and after every layer, `[tokens, 384]` each.
  public func layerStates(of text: String) -> [[Float]] {
    work.withLock { work in
      var states: [[Float]] = []
      _ = encoder.hiddenStates(of: tokenizer.encode(text).identifiers, on: work.tape) { states.append($0) }
      return states
    }
  }

  /// The embedding of a text, 384 numbers: the mean of its tokens' states, divided by its length.
  public func embedding(of text: String) -> [Float] {
    let states = tokenStates(of: text)
    var sum = [Double](repeating: 0, count: Self.width)
    for (i, value) in states.enumerated() { sum[i % Self.width] += Double(value) }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { Float($0 / max(length, 1e-12)) }
  }
}
