// What a trained policy looks at: the attention of its trunk, read off a tape of its own.

import PlanarLanguage
import PlanarNeuralNetworks
import PlanarPolicyInterface

extension ChunkInference {
  /// The trunk's attention from the tokens of its context to all tokens, as the mean over layers, heads and those tokens;
  /// a word's share is its part of what each of the command's tokens was made of.
  func attention(to request: PolicyRequest) -> PolicyAttention? {
    let (trunk, encoder) = (policy.network.trunk, policy.network.text)
    guard trunk.layerCount > 0 else { return nil }
    let tape = Tape(recording: true)
    tape.begin(weights: policy.weights, precision: .float32)
    copyObservations(request.history, row: 0)
    let command = request.history.latest.command
    let text = encoder.input(for: command).withUnsafeBufferPointer { encoder.encode($0, rows: 1, on: tape) }
    let pooling = tape.attentionProbabilities.last
    var places: [(name: String, tokens: Range<Int>)] = []
    _ = observations.withRows(0..<1) { rows in
      var training: ContextTrunk.Training?
      return trunk.context(rows, text: text, training: &training, on: tape) { places.append(($0, $1)) }
    }
    let shares = Self.meanShares(
      of: tape.attentionProbabilities.suffix(trunk.layerCount), from: trunk.contextTokens)
    var features: [String: [Double]] = [:]
    for place in places { features[place.name, default: []] += place.tokens.map { shares[$0] } }
    let commandShares = trunk.commandTokens.map { shares[$0] }
    return PolicyAttention(
      features: features, words: words(of: command, pooling, commandShares), command: commandShares.reduce(0, +))
  }

  /// What is attended to, `[keys]`, in the mean over layers, heads and the first tokens that ask.
  private static func meanShares(of layers: ArraySlice<(shape: Shape, values: [Float])>, from asking: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: layers.first?.shape[3] ?? 0)
    for layer in layers {
      let (heads, queries, keys) = (layer.shape[1], layer.shape[2], layer.shape[3])
      for head in 0..<heads {
        for query in 0..<asking {
          let row = (head * queries + query) * keys
          for key in 0..<keys { sums[key] += Double(layer.values[row + key]) }
        }
      }
    }
    let total = sums.reduce(0, +)
    return total > 0 ? sums.map { $0 / total } : sums
  }

  /// The words of a command that a learned encoder reads, with their parts of the shares of the tokens that it makes.
  ///
  /// - Parameter pooling: `[1, heads, tokens, pieces]`.
  private func words(
    of command: String, _ pooling: (shape: Shape, values: [Float])?, _ shares: [Double]
  ) -> [PolicyAttention.Word] {
    guard case .learned(let settings) = policy.network.text.configuration, let pooling,
      pooling.shape[2] == shares.count
    else { return [] }
    let (heads, tokens, pieces) = (pooling.shape[1], pooling.shape[2], pooling.shape[3])
    var found: [PolicyAttention.Word] = []
    var piece = 0
    for word in CommandWords.words(in: command) {
      let end = min(pieces, piece + settings.vocabulary.pieces(ofWord: word).count)
      guard piece < end else { break }
      var share = 0.0
      for head in 0..<heads {
        for token in 0..<tokens {
          let row = (head * tokens + token) * pieces
          for index in piece..<end { share += shares[token] * Double(pooling.values[row + index]) / Double(heads) }
        }
      }
      found.append(PolicyAttention.Word(text: word, share: share))
      piece = end
    }
    return found
  }
}
