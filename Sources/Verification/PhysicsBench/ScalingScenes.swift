// Scenes of one to a thousand boxes: how the cost of a step grows with what is in it.

import PlanarCore
import PlanarPhysics

/// A kind of scene that exists with any number of boxes.
public enum ScalingSceneKind: String, CaseIterable, Codable, Sendable {
  /// Boxes of 60 mm in a square grid on a table, a kinematic disc swept through them.
  case stir
  /// The same between close walls on a table that is accelerated in a circle at 6 m/s².
  case slosh
  /// Seen from the side: a pyramid of boxes of 100 mm.
  case pyramid
  /// Seen from the side: tilted boxes of 100 mm dropped between two walls.
  case pile

  /// The numbers of boxes that a bench goes through.
  public var counts: [Int] {
    switch self {
    case .stir, .slosh: [4, 16, 64, 256, 1024]
    case .pyramid, .pile: [10, 55, 210, 1035]
    }
  }
}

/// One scene of a number of boxes, which drives itself.
public struct ScalingScene: Sendable {
  /// What it is.
  public let kind: ScalingSceneKind
  /// Boxes in it.
  public let count: Int
  /// The scene now.
  public private(set) var world: World
  /// Index of the disc that stirs.
  private let disc: Int?
  /// Half of the grid's width, m.
  private let halfGrid: Double

  /// The scene at its start.
  ///
  /// - Parameter settings: as they are to be but for gravity in the plane, which the scene sets.
  public init(_ kind: ScalingSceneKind, count: Int, settings: PhysicsSettings = PhysicsSettings()) {
    self.kind = kind
    self.count = count
    let columns = Int(Double(count).squareRoot().rounded(.up))
    switch kind {
    case .stir, .slosh:
      halfGrid = Double(columns) * 0.075 / 2
      world = ScalingScene.table(kind, count, columns, settings)
    case .pyramid, .pile:
      halfGrid = Double(columns) * 0.15 / 2
      world = ScalingScene.side(kind, count, columns, settings)
    }
    if kind == .stir {
      disc = world.addBody(
        .kinematic(shape: .disc(radius: 0.025), contactFriction: 0.5),
        at: BodyState(position: Vec2(0, halfGrid + 0.1), angle: 0))
    } else {
      disc = nil
    }
  }

  /// Takes one step; `isDriven` false for a disc and a table that stand still.
  public mutating func step(isDriven: Bool = true) {
    let h = world.settings.timeStep
    if let disc {
      world.states[disc].velocity = .zero
      if isDriven {
        let time = Double(world.stepCount + 1) * h
        let turns = 2 * Double.pi * (0.4 / (4 * halfGrid)) * time
        let place = Vec2(
          halfGrid * sineAndCosine(turns).sine, (halfGrid + 0.1) * sineAndCosine(1.37 * turns).cosine)
        world.states[disc].velocity = (place - world.states[disc].position) / h
      }
    }
    if kind == .slosh {
      // The peer's table is told its acceleration every 20 steps.
      let time = Double(world.stepCount / 20 * 20) * h
      let (sine, cosine) = sineAndCosine(Double.pi * time)
      world.tableAcceleration = isDriven ? Vec2(-6 * cosine, -6 * sine) : .zero
    }
    world.step()
  }

  private static func table(
    _ kind: ScalingSceneKind, _ count: Int, _ columns: Int, _ settings: PhysicsSettings
  ) -> World {
    let half = Double(columns) * 0.075 / 2
    let wall = half + (kind == .stir ? 0.3 : 0.02)
    var world = World(
      walls: [Vec2(1, 0), Vec2(-1, 0), Vec2(0, 1), Vec2(0, -1)].map {
        Wall(point: $0 * -wall, normal: $0, friction: 0.5)
      }, settings: settings)
    let box = BodyModel(
      shape: .box(halfWidth: 0.03, halfHeight: 0.03), mass: 0.2, contactFriction: 0.5, supportFriction: 0.3)
    for i in 0..<count {
      let place = Vec2(
        (Double(i % columns) + 0.5) * 0.075 - half, (Double(i / columns) + 0.5) * 0.075 - half)
      world.addBody(box, at: BodyState(position: place, angle: 0))
    }
    return world
  }

  private static func side(
    _ kind: ScalingSceneKind, _ count: Int, _ columns: Int, _ settings: PhysicsSettings
  ) -> World {
    var settings = settings
    settings.inPlaneGravity = Vec2(0, -9.81)
    let half = 0.05
    var walls = [Wall(point: .zero, normal: Vec2(0, 1), friction: 0.6)]
    if kind == .pile {
      let width = Double(columns) * 0.15 / 2 + 0.05
      walls.append(Wall(point: Vec2(width, 0), normal: Vec2(-1, 0), friction: 0.6))
      walls.append(Wall(point: Vec2(-width, 0), normal: Vec2(1, 0), friction: 0.6))
    }
    var world = World(walls: walls, settings: settings)
    let box = BodyModel(
      shape: .box(halfWidth: half, halfHeight: half), mass: 1, contactFriction: 0.6, supportFriction: 0)
    for state in kind == .pyramid ? pyramid(count, half) : pile(count, columns) { world.addBody(box, at: state) }
    return world
  }

  private static func pyramid(_ count: Int, _ half: Double) -> [BodyState] {
    var rows = 0
    while rows * (rows + 1) / 2 < count { rows += 1 }
    var states: [BodyState] = []
    for row in 0..<rows {
      for column in 0..<(rows - row) {
        states.append(
          BodyState(
            position: Vec2(
              (Double(column) - Double(rows - row - 1) / 2) * (2 * half + 0.005), half + Double(row) * 2 * half),
            angle: 0))
      }
    }
    return states
  }

  private static func pile(_ count: Int, _ columns: Int) -> [BodyState] {
    // The peer's generator (Knuth's MMIX), so that both drop the same boxes.
    var word: UInt64 = 7
    func uniform() -> Double {
      word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(word >> 11) / 0x1p53
    }
    return (0..<count).map { i in
      let x = (Double(i % columns) + 0.5) * 0.15 - Double(columns) * 0.075 + (uniform() - 0.5) * 0.01
      return BodyState(
        position: Vec2(x, 0.1 + Double(i / columns) * 0.16), angle: (uniform() - 0.5) * 1.5)
    }
  }
}
