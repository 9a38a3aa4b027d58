// What turns a command into text tokens: the one interface between policies and language.
//
//                      once per command               every step of training, once in use
//   "push the red …" ── input(for:) ─► inputCount numbers ── encode ─► [tokens, output width]

import Foundation
import PlanarNeuralNetworks
import PlanarCore

/// An encoder of commands, learned or frozen, as a part of a policy's network.
///
/// ```swift
/// var layout = ParameterLayout()
/// let encoder = try CommandEncoder(
///   &layout, "text", configuration: .learned(.init(commands: commands)), outputWidth: 128)
/// let numbers = encoder.input(for: "push the red square to the left zone")     // once
/// let tokens = numbers.withUnsafeBufferPointer { encoder.encode($0, rows: 1, on: tape) }   // [1, 4, 128]
/// ```
public struct CommandEncoder: Sendable {
  /// The kind of encoder and its sizes.
  public let configuration: Configuration
  private let network: Network

  private enum Network: Sendable {
    case learned(SubwordEncoder, WordBlur)
    case miniLM(TokenStateEncoder)
  }

  /// Registers the encoder's parameters under `name.`; MiniLM's own weights are not among them.
  ///
  /// - Parameters:
  ///   - outputWidth: of the tokens that come out.
  ///   - miniLM: the folder of MiniLM's files, where the configuration needs them; nil: the project's.
  /// - Throws: `UserError` where the configuration is not valid, or MiniLM is needed and not there.
  public init(
    _ layout: inout ParameterLayout, _ name: String, configuration: Configuration, outputWidth: Int,
    miniLM: URL? = nil
  ) throws {
    try configuration.validate()
    self.configuration = configuration
    switch configuration {
    case .learned(let settings):
      network = .learned(
        SubwordEncoder(&layout, name, settings, outputWidth: outputWidth),
        WordBlur(settings.vocabulary, hidden: settings.wordDropout, stray: settings.strayWords))
    case .miniLM(let settings):
      network = .miniLM(
        TokenStateEncoder(
          &layout, name, settings, model: try MiniLM.shared(in: miniLM), outputWidth: outputWidth))
    }
  }

  /// Text tokens per command.
  public var tokens: Int { configuration.tokens }

  /// How many numbers `encode` reads per command: identifiers of pieces as floats, or the states of
  /// MiniLM's tokens.
  public var inputCount: Int {
    switch network {
    case .learned(let encoder, _): encoder.settings.maximumPieces
    case .miniLM(let encoder): encoder.inputCount
    }
  }

  /// How many pieces of a command are read; what follows is cut off.
  public var maximumPieces: Int {
    switch network {
    case .learned(let encoder, _): encoder.settings.maximumPieces
    case .miniLM(let encoder): encoder.settings.maximumPieces
    }
  }

  /// How many pieces a command has, those that begin and end every text included where the encoder has such.
  public func pieceCount(of command: String) -> Int {
    switch network {
    case .learned(let encoder, _): encoder.settings.vocabulary.identifiers(of: command).count
    case .miniLM(let encoder): encoder.model.tokenizer.pieceCount(of: command)
    }
  }

  /// What the encoder does not read of a command, as the end of a sentence that begins with the command; nil where it
  /// reads all.
  public func cutOff(of command: String) -> String? {
    let (count, most) = (pieceCount(of: command), maximumPieces)
    return count > most ? "has \(count) sub-words, and all behind the first \(most) are cut off" : nil
  }

  /// The `inputCount` numbers of a command. Not for every step: keep them with the command.
  public func input(for command: String) -> [Float] {
    switch network {
    case .learned(let encoder, _):
      encoder.settings.vocabulary.encode(command, length: encoder.settings.maximumPieces).map(Float.init)
    case .miniLM(let encoder): encoder.input(for: command)
    }
  }

  /// What stands for "no command": the null of classifier-free guidance. No command has this input; an
  /// empty one has where the encoder is learned.
  public var noCommand: [Float] { [Float](repeating: 0, count: inputCount) }

  /// The words of a command that the encoder reads as unknown: those with characters that are not in the learned
  /// vocabulary's alphabet, or those that MiniLM has no pieces for.
  public func unknownWords(in command: String) -> [String] {
    switch network {
    case .learned(let encoder, _): encoder.settings.vocabulary.unknownWords(in: command)
    case .miniLM(let encoder): encoder.model.tokenizer.unknownWords(in: command)
    }
  }

  /// Changes one command's numbers at random, for training: a learned encoder is shown the command with some
  /// words hidden and stray ones between them, MiniLM's network with some pieces hidden, so that neither leans on a
  /// single wording. What stands for
  /// no command stays so.
  ///
  /// - Parameter input: `[inputCount]`, as `input(for:)` gives them.
  public func augment(_ input: UnsafeMutableBufferPointer<Float>, using stream: inout RandomStream) {
    precondition(input.count == inputCount, "text: \(input.count) numbers are not one command's \(inputCount)")
    switch network {
    case .learned(_, let blur): blur.apply(to: input, using: &stream)
    case .miniLM(let encoder):
      hidePieces(input, width: MiniLM.width, rate: encoder.settings.pieceDropout, &stream)
    }
  }

  /// `[rows, inputCount]` → `[rows, tokens, outputWidth]`.
  public func encode(_ inputs: UnsafeBufferPointer<Float>, rows: Int, on tape: Tape) -> Tensor {
    precondition(
      inputs.count == rows * inputCount, "text: \(inputs.count) numbers are not [\(rows), \(inputCount)]")
    switch network {
    case .learned(let encoder, _): return encoder.encode(inputs, rows: rows, on: tape)
    case .miniLM(let encoder): return encoder.encode(inputs, rows: rows, on: tape)
    }
  }
}
