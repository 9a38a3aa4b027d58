// Learning merges from commands: the most frequent pair of neighbours becomes a piece, again and again.

import PlanarCore

extension BytePairVocabulary {
  /// Learns a vocabulary from commands.
  ///
  /// The order of the commands does not matter, and neither does the machine: of equally frequent pairs the first
  /// in code point order is merged. A pair that occurs in one place only is not worth a piece.
  ///
  /// - Parameters:
  ///   - commands: what is to be written with few pieces; a command that stands there often counts often.
  ///   - limit: how many identifiers there may be, padding and unknown included. Characters come first: where the
  ///     commands have more than fit, the rarest are left out and become unknown.
  public init(commands: some Sequence<String>, limit: Int = 320) {
    precondition(limit >= 4, "a vocabulary of \(limit) identifiers has no room for a character")
    var wordCounts: [String: Int] = [:]
    for command in commands {
      for word in CommandWords.words(in: command) {
        wordCounts[String(word.prefix(Self.longestWord)), default: 0] += 1
      }
    }
    let alphabet = Self.alphabet(of: wordCounts, atMost: limit - 2)
    let known = Set(alphabet)
    // Dictionaries have no order, but sums over them do not need one.
    var words = wordCounts.map { word, count in
      // A character that is left out keeps its neighbours apart, as an unknown one does.
      (
        parts: ([String(Self.wordStart)] + word.map(String.init)).split { !known.contains($0) }.map(Array.init),
        count: count
      )
    }
    var merges: [Merge] = []
    var made = known
    while made.count + 2 < limit, let merge = Self.mostFrequentPair(words) {
      merges.append(merge)
      made.insert(merge.piece)
      for i in words.indices {
        for j in words[i].parts.indices { Self.apply(merge, to: &words[i].parts[j]) }
      }
    }
    do { try self.init(alphabet: alphabet, merges: merges) } catch {
      preconditionFailure("byte-pair training made an invalid vocabulary: \(error)")
    }
  }

  /// The most frequent characters, `▁` first of all, in code point order.
  private static func alphabet(of words: [String: Int], atMost limit: Int) -> [String] {
    var counts: [String: Int] = [:]
    for (word, count) in words {
      for letter in word.map(String.init) where isLetter(letter) { counts[letter, default: 0] += count }
    }
    let frequent = counts.sorted { a, b in a.value != b.value ? a.value > b.value : precedes(a.key, b.key) }
    return (frequent.prefix(limit - 1).map(\.key) + [String(wordStart)]).sorted(by: precedes)
  }

  private static func mostFrequentPair(_ words: [(parts: [[String]], count: Int)]) -> Merge? {
    var counts: [Merge: Int] = [:]
    for word in words {
      for run in word.parts {
        for (left, right) in zip(run, run.dropFirst()) { counts[Merge(left, right), default: 0] += word.count }
      }
    }
    let best = counts.max { a, b in
      a.value != b.value
        ? a.value < b.value
        : precedes(b.key.left, a.key.left) || (b.key.left == a.key.left && precedes(b.key.right, a.key.right))
    }
    return best.flatMap { $0.value > 1 ? $0.key : nil }
  }

  private static func apply(_ merge: Merge, to parts: inout [String]) {
    var i = 0
    while i + 1 < parts.count {
      if parts[i] == merge.left, parts[i + 1] == merge.right {
        parts[i] = merge.piece
        parts.remove(at: i + 1)
      }
      i += 1
    }
  }
}

/// Code point order, which does not depend on the locale.
private func precedes(_ a: String, _ b: String) -> Bool {
  a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
}
