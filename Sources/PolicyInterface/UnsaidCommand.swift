// Texts in the drawn command's place that do not ask for the drawn goal: what a policy does when it is not told.

import PlanarCore

/// A text that says nothing of the goal, or the opposite.
///
/// Success is still measured by the drawn goal. A policy that reads reaches it under `blank` and `nonsense` no more often
/// than by chance, and under `negated` less often than that; one that goes by what it sees does not care.
public enum UnsaidCommand: String, Codable, CaseIterable, Sendable {
  /// No words.
  case blank
  /// Syllables without a meaning, about as many as a command has words; drawn from the seed.
  case nonsense
  /// The drawn command behind "do not do this".
  case negated

  /// The text of an episode.
  ///
  /// - Parameter drawn: the command drawn with the scene.
  public func text(for drawn: String, seed: UInt64) -> String {
    switch self {
    case .blank: return ""
    case .negated:
      let isKorean = drawn.unicodeScalars.contains { (0xac00...0xd7a3).contains($0.value) }
      return isKorean ? "이건 하지 마: \(drawn)" : "do not do this: \(drawn)"
    case .nonsense:
      var random = RandomStream(seed: seed, purpose: "nonsense")
      func word() -> String {
        (0..<1 + random.integer(below: 3)).map { _ in
          "bdfgklmnprstvz".drawn(&random) + "aeiou".drawn(&random)
        }.joined()
      }
      return drawn.split(separator: " ").map { _ in word() }.joined(separator: " ")
    }
  }
}

extension String {
  fileprivate func drawn(_ random: inout RandomStream) -> String {
    String(self[index(startIndex, offsetBy: random.integer(below: count))])
  }
}
