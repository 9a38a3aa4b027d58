// What a look at a driver's thinking found, as paths over the table.

import Foundation
import PlanarCore
import PlanarPolicyInterface

/// What was found out about one chunk. What is nil was not looked at.
public struct Thought: Equatable, Sendable {
  /// The commanded tip under other samples of the chunk, m; empty where the policy draws nothing at random.
  public internal(set) var fan: [[Vec2]]?
  /// The commanded tip under the noise, under the chunk at every denoising step, and under the chunk itself, m; empty
  /// where the policy does not begin with noise.
  public internal(set) var denoising: [[Vec2]]?
  /// What the expert would have done; nil also where there is no expert.
  public internal(set) var ghost: Ghost?

  /// What the policy looked at; empty where that cannot be told.
  public internal(set) var gaze: Gaze?

  /// Nothing was looked at.
  public init() {}

  /// What a policy's attention was on.
  public struct Gaze: Equatable, Sendable {
    /// Where the objects were seen, m, with their shares of the attention on all of them; empty where none is seen.
    public var objects: [(place: Vec2, share: Double)]
    /// The words with their shares of the attention on the command.
    public var words: [PolicyAttention.Word]
    /// Of all attention, what was on the command, on objects and on pictures.
    public var command, objectsTogether, pictures: Double

    /// Whether the two show the same.
    public static func == (a: Gaze, b: Gaze) -> Bool {
      a.words == b.words && a.command == b.command && a.pictures == b.pictures
        && a.objects.map(\.place) == b.objects.map(\.place) && a.objects.map(\.share) == b.objects.map(\.share)
    }

    /// Such as `objects 62 %, command 21 %`.
    var figures: String {
      [("objects", objectsTogether), ("picture", pictures), ("command", command)]
        .filter { $0.1 > 0 }.map { "\($0.0) \(Int((100 * $0.1).rounded())) %" }.joined(separator: ", ")
    }

    /// The words that are looked at most, such as `red 31 % · left 22 %`; empty where they are not known.
    var topWords: String {
      let total = words.reduce(0) { $0 + $1.share }
      guard total > 0 else { return "" }
      return words.sorted { $0.share > $1.share }.prefix(4)
        .map { "\($0.text) \(Int((100 * $0.share / total).rounded())) %" }.joined(separator: " · ")
    }
  }

  /// The expert's chunk from the state in which the driver was asked.
  public struct Ghost: Equatable, Sendable {
    /// The commanded tip under it, m.
    public var path: [Vec2]
    /// Between the ways that the two chunks lead the tip until the next question, rad, 0 … π; nil where one of them
    /// leads nowhere.
    public var angle: Double?
    /// How far the two commanded tips are apart until the next question, on average, m.
    public var error: Double

    /// Compares an expert's path with a driver's from the same place.
    ///
    /// - Parameter steps: how many of the first steps are compared.
    init(_ path: [Vec2], beside other: [Vec2], steps: Int) {
      self.path = path
      let last = min(steps, path.count - 1, other.count - 1)
      let (way, otherWay) = (path[last] - path[0], other[last] - other[0])
      let leadsSomewhere = min(way.length, otherWay.length) > 1e-6
      angle = leadsSomewhere ? abs(atan2(way.cross(otherWay), way.dot(otherWay))) : nil
      error = last == 0 ? 0 : (1...last).reduce(0) { $0 + (path[$1] - other[$1]).length } / Double(last)
    }
  }
}
