// Where an episode starts: gym-pusht's distribution, drawn from our own streams.

import PlanarCore

/// A start as gym-pusht's `reset_to_state` takes it.
public struct PushTStart: Equatable, Sendable {
  /// px
  public var pusher: Vec2
  /// Where the T's origin would be if it stood upright, px. It is turned about its centre of gravity
  /// afterwards, so that its origin ends elsewhere.
  public var block: Vec2
  /// rad
  public var angle: Double

  /// Positions in px, the angle in rad.
  public init(pusher: Vec2, block: Vec2, angle: Double) {
    self.pusher = pusher
    self.block = block
    self.angle = angle
  }

  /// Draws a start: pusher at whole pixels in [50, 450), T at whole pixels in [100, 400), any angle in [−π,
  /// π).
  ///
  /// Pusher and T may overlap; the contact solver pushes them apart in the first substeps.
  public init(seed: UInt64) {
    var layout = RandomStream(seed: seed, purpose: "layout")
    func whole(from least: Int, below bound: Int) -> Double {
      Double(least + layout.integer(below: bound - least))
    }
    let pusherX = whole(from: 50, below: 450)
    let pusherY = whole(from: 50, below: 450)
    let blockX = whole(from: 100, below: 400)
    let blockY = whole(from: 100, below: 400)
    pusher = Vec2(pusherX, pusherY)
    block = Vec2(blockX, blockY)
    angle = layout.uniform(in: -Double.pi...Double.pi)
  }
}

extension PushTSimulation {
  /// The world after gym-pusht's reset to a start: everything at rest, then one substep.
  public init(start: PushTStart) {
    self.init(
      pusher: start.pusher, center: start.block + PushTConstants.centerOfGravity,
      blockAngle: start.angle)
    advance()
  }
}
