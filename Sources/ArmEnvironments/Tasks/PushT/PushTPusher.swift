// What PushT's files have in common: who pushes, and for how long.

import PlanarCore

/// Who pushes the T: the key `pusher` of an environment's file.
enum PushTPusher: String, CaseIterable {
  /// gym-pusht's kinematic disc, told where to go.
  case point
  /// The round tip of a robot arm.
  case arm

  /// - Throws: `UserError` that lists what there is.
  init(_ top: SpecReader) throws {
    self = try top.choice("pusher")
  }

  /// Refuses a file that is meant for another pusher.
  func require(in top: SpecReader) throws {
    let pusher = try PushTPusher(top)
    guard pusher == self else {
      throw UserError(
        "\(top.file): 'pusher' is '\(pusher.rawValue)', but is read as an environment with pusher '\(rawValue)'"
      )
    }
  }
}

extension PushTConstants {
  /// Actions in the `time_limit` of a file.
  static func maximumSteps(_ top: SpecReader) throws -> Int {
    Int((try top.number("time_limit") / controlPeriod).rounded())
  }
}
