// A tour as values: what is opened, what is done there, and the sentence that tells what there is to see.

import PlanarCore
import PlanarViewer

/// Something that is done to a stage at a tick of an act.
public enum TourCue: Equatable, Sendable {
  /// A key, a letter, a click.
  case event(Event)
  /// Takes hold of a body with the mouse.
  case grab(body: Int)
  /// Drags what was grabbed, m from where it was.
  case drag(by: Vec2)
}

/// One scene of a tour.
public struct TourAct: Equatable, Sendable {
  /// What there is to see, as a sentence.
  public var words: String
  /// The seed of the scene.
  public var seed: UInt64
  /// What is shown of the thinking.
  public var views: Set<ThinkingView>
  /// How many times as fast as it is the act is shown.
  public var speed: Double
  /// Control periods that it takes, whether time stands still in them or not.
  public var ticks: Int
  /// What is done, by the tick before which it is done.
  public private(set) var cues: [Int: [TourCue]] = [:]

  /// An act without cues.
  public init(
    _ words: String, seed: UInt64, views: Set<ThinkingView> = [], speed: Double = 1, ticks: Int
  ) {
    self.words = words
    self.seed = seed
    self.views = views
    self.speed = speed
    self.ticks = ticks
  }

  /// Adds a cue.
  public func at(_ tick: Int, _ cue: TourCue) -> TourAct {
    var act = self
    act.cues[tick, default: []].append(cue)
    return act
  }

  /// Types a command letter by letter and gives it.
  public func typing(_ text: String, from tick: Int) -> TourAct {
    var act = self
    for (index, letter) in text.enumerated() { act = act.at(tick + index / 3, .event(.character(letter))) }
    return act.at(tick + text.count / 3 + 2, .event(.key(.enter, [])))
  }

  /// Drags a body about and lets it go.
  public func dragging(body: Int, by way: Vec2, from tick: Int, ticks: Int) -> TourAct {
    var act = at(tick, .grab(body: body))
    for step in 1...ticks { act = act.at(tick + step, .drag(by: way * (Double(step) / Double(ticks)))) }
    return act.at(tick + ticks + 1, .event(.mouseReleased(.zero, .left)))
  }
}
