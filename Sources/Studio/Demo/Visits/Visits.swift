// Where somebody went in many episodes: the tip over the table, and the states of the task.

import Foundation
import PlanarCore

/// What was visited in some episodes.
public struct Visits: Sendable {
  /// `[episode][step]`: where the tip was after every control step, m.
  public var tips: [[Vec2]]
  /// `[episode][step][number]`: the task's `visitedState` after every control step.
  public var states: [[[Float]]]
}

/// How unlike a state is to those of some demonstrations.
struct Familiarity: Sendable {
  /// `[state · number]`, divided by `scales`.
  private let states: [Float]
  private let width: Int
  /// Of each number, its standard deviation over the demonstrations.
  private let scales: [Float]
  /// How far one in twenty of the demonstrations' states are, or farther, from the nearest state of the other ones.
  private let unit: Float

  private static let mostStates = 4_000

  /// - Returns: nil where there is nothing to compare with.
  init?(_ visits: Visits) {
    guard visits.states.count > 1, let width = visits.states.lazy.compactMap(\.first?.count).first, width > 0 else {
      return nil
    }
    let all = visits.states.flatMap { $0 }
    let stride = max(1, all.count / Self.mostStates)
    self.width = width
    let scales = (0..<width).map { index -> Float in
      let mean = all.reduce(Float(0)) { $0 + $1[index] } / Float(all.count)
      let variance = all.reduce(Float(0)) { $0 + ($1[index] - mean) * ($1[index] - mean) } / Float(all.count)
      return max(variance.squareRoot(), 1e-6)
    }
    self.scales = scales
    // Each kept state with its episode, so that none is compared with its own.
    var kept: [(episode: Int, state: [Float])] = []
    var count = 0
    for (episode, steps) in visits.states.enumerated() {
      for state in steps {
        if count % stride == 0 { kept.append((episode, zip(state, scales).map { $0 / $1 })) }
        count += 1
      }
    }
    states = kept.flatMap(\.state)
    let sample = Swift.stride(from: 0, to: kept.count, by: max(1, kept.count / 400)).map { kept[$0] }
    let distances = sample.map { one in
      kept.lazy.filter { $0.episode != one.episode }.map { Self.squared($0.state, one.state) }.min() ?? 0
    }
    unit = max(distances.sorted()[distances.count * 19 / 20].squareRoot(), 1e-6)
  }

  private static func squared(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// The distance to the nearest state of the demonstrations; above 1 it is more than nineteen in twenty of their own states
  /// have.
  func unlikeness(of state: [Float]) -> Double {
    var nearest = Float.infinity
    let wanted = zip(state, scales).map { $0 / $1 }
    states.withUnsafeBufferPointer { states in
      for row in 0..<states.count / width {
        var sum: Float = 0
        for index in 0..<width {
          let difference = states[row * width + index] - wanted[index]
          sum += difference * difference
        }
        nearest = min(nearest, sum)
      }
    }
    return Double(nearest.squareRoot() / unit)
  }
}
