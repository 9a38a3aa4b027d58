// What the library asks of PushT: how its two environments are loaded, and who shows them.

import PlanarCore
import PlanarPolicyInterface

extension PushTEnvironment {
  /// PushT, with a disc or with an arm, as its file's `pusher` says.
  static let kind = TaskKind(
    "pusht",
    forms: [
      TaskKind.Form("pusht-arm", when: ("pusher", PushTPusher.arm.rawValue), .pushtArm),
      TaskKind.Form("pusht", .pusht),
    ]
  ) { files, settings in
    guard settings.pins.isEmpty, settings.robot == nil, settings.image == nil, settings.touch != true,
      settings.options.isEmpty, settings.actionSpace == nil
    else {
      throw UserError(
        "'\(files.folder.lastPathComponent)' is PushT as others have it: it takes a randomization level, a language and a split, but no pinned items, options, robot, picture, touch or action space"
      )
    }
    switch try PushTPusher(SpecReader.open(files.environment)) {
    case .point: return try PushTEnvironment(files, settings: settings)
    case .arm: return try PushTArmEnvironment(files, settings: settings)
    }
  }

  /// The expert that makes few, long pushes.
  public var scriptedExpert: (any Expert<PushTEnvironment>)? { PushTExpert() }

  /// The pusher and the T's origin, px, and the T's direction.
  public var visitedState: [Float] {
    [
      pusher.x, pusher.y, blockPose.position.x, blockPose.position.y, blockPose.rotation.cosine,
      blockPose.rotation.sine,
    ]
    .map { Float($0) }
  }

  /// What its file says, for people.
  public var facts: EnvironmentFacts {
    EnvironmentFacts(
      summary: specification.summary, robot: "none", levels: specification.levels, positionUnit: "px")
  }
}
