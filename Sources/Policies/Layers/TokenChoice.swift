// From logits to a token.

import Foundation
import PlanarCore

/// The likeliest token at temperature 0 (the first of equal ones), else a draw from softmax(logits / temperature).
public func chooseToken(
  _ logits: UnsafeBufferPointer<Float>, temperature: Float, noise: inout RandomStream
) -> Int32 {
  var best = 0
  for i in 1..<logits.count where logits[i] > logits[best] { best = i }
  guard temperature > 0 else { return Int32(best) }
  func weight(_ i: Int) -> Double { exp(Double((logits[i] - logits[best]) / temperature)) }
  var rest = noise.uniform() * logits.indices.reduce(0) { $0 + weight($1) }
  for i in logits.indices {
    rest -= weight(i)
    if rest < 0 { return Int32(i) }
  }
  return Int32(best)
}
