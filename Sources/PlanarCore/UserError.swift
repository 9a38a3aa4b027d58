// The error a user sees: one sentence that says what is wrong, where, and how to mend it.

/// Bad input. `message` is one clear sentence: the place, what was expected, how to mend it.
///
/// Whatever is quoted in it, it is one line that a terminal shows as it stands, and no longer than a person reads.
public struct UserError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The sentence that the person reads, without a prefix such as "error:".
  public let message: String
  /// What a sentence has at most, in Unicode scalars; the middle of a longer one is left out.
  public static let longest = 600

  /// An error with this sentence. Line ends and other control characters are shown by their pictures.
  public init(_ message: String) { self.message = Self.oneLine(message) }
  /// The message itself.
  public var description: String { message }

  private static func oneLine(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars.prefix(longest + 1))
    if scalars.count > longest {
      let half = (longest - 1) / 2
      scalars = scalars.prefix(half) + ["…"] + text.unicodeScalars.suffix(half)
    } else if !scalars.contains(where: isControl) {
      return text
    }
    return String(String.UnicodeScalarView(scalars.map { isControl($0) ? picture(of: $0) : $0 }))
  }

  /// What ends a line, moves the cursor, or turns the direction of writing.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func picture(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    default: "\u{FFFD}"
    }
  }
}

/// A text for a sentence: where it has more characters than `limit`, its middle is left out.
public func shortened(_ text: String, to limit: Int = 80) -> String {
  guard text.count > limit else { return text }
  let half = max(1, (limit - 1) / 2)
  return text.prefix(half) + "…" + text.suffix(half)
}

/// The candidate closest to `word` by edit distance, where one is near enough to be a slip of the hand.
public func nearestName(to word: String, among candidates: [String]) -> String? {
  let spelled = word.lowercased()
  let count = spelled.count
  let allowed = max(1, word.count / 3)
  let best = candidates.compactMap { name -> (String, Int)? in
    let other = name.lowercased()
    // The distance is no less than the difference of the lengths: words of any length are told apart at once.
    guard abs(other.count - count) <= allowed else { return nil }
    return (name, editDistance(spelled, other))
  }.min { ($0.1, $0.0) < ($1.1, $1.0) }
  guard let best, best.1 <= allowed else { return nil }
  return best.0
}

/// The least number of insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`, no place
/// being edited twice (optimal string alignment).
public func editDistance(_ a: String, _ b: String) -> Int {
  let source = Array(a)
  let target = Array(b)
  var beforePrevious: [Int] = []
  var previous = Array(0...target.count)
  for i in source.indices {
    var row = [i + 1]
    for j in target.indices {
      var least = min(
        previous[j + 1] + 1, row[j] + 1, previous[j] + (source[i] == target[j] ? 0 : 1))
      if i > 0, j > 0, source[i] == target[j - 1], source[i - 1] == target[j] {
        least = min(least, beforePrevious[j - 1] + 1)
      }
      row.append(least)
    }
    beforePrevious = previous
    previous = row
  }
  return previous[target.count]
}
