// One episode's scene: everything that reset draws from the seed, before physics begins.

import Foundation
import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

/// An object as it was drawn for an episode.
public struct SceneObject: Equatable, Sendable {
  /// The colour's name in commands.
  public var colorName: String
  /// Its shape.
  public var shape: ObjectShape
  /// Its colour as it is drawn, which may be a little off its name's.
  public var color: Color
  /// Distance of the farthest point from the centre, m.
  public var circumradius: Double
  /// Its mass, size and friction.
  public var body: BodyModel
  /// Where it begins.
  public var start: BodyState
}

/// The draws of one episode.
public struct Scene: Sendable {
  /// The objects, as they begin.
  public var objects: [SceneObject]
  /// The zones that commands can name.
  public var zones: [Zone]
  /// What yields to nothing.
  public var obstacles: [Obstacle]
  /// A part of the table whose surface moves; nil where all of it stands still.
  public var strip: MovingStrip?
  /// Where the tip begins, m.
  public var tipStart: Vec2
  /// What was drawn for the robot.
  public var robot: RobotDraws
  /// What was drawn for the table.
  public var table: TableDraws
  /// What was drawn for the picture.
  public var appearance: Appearance
  /// Where the sensors' noise begins.
  var sensors: SensorDraws
  /// What the drawn command asks for.
  public var instruction: Instruction
  /// Another instruction that makes sense in the same scene.
  public var swappedInstruction: Instruction
  /// The drawn command.
  public var command: String
  /// Another valid command of the same scene.
  public var swappedCommand: String
  /// Everything drawn, by name, for the record.
  public var draws: [String: Double]

  /// What only the scenes of one task have.
  private var parts: [any Sendable] = []

  /// What a task has furnished the scene with, by its type, such as a corridor to follow; nil where there is none.
  public subscript<Part: Sendable>(type: Part.Type) -> Part? {
    get {
      for part in parts { if let part = part as? Part { return part } }
      return nil
    }
    set {
      parts.removeAll { $0 is Part }
      if let newValue { parts.append(newValue) }
    }
  }

  /// What words can name.
  public var visibleObjects: [VisibleObject] {
    objects.map {
      VisibleObject(
        colorName: $0.colorName, shapeName: $0.shape.rawValue, position: $0.start.position)
    }
  }

  /// Draws a scene. The same seed gives the same layout of colours, shapes and goals at every level.
  ///
  /// A layout in which no instruction belongs to the wanted split is drawn again.
  ///
  /// - Throws: `UserError` where objects find no room, or no layout has a command.
  init(
    _ specification: EnvironmentSpecification, _ level: RandomizationLevel,
    _ commands: CommandDrawing, seed: UInt64
  ) throws {
    for attempt in 0..<2000 {
      if let scene = try Scene(specification, level, commands, seed: seed, attempt: attempt) {
        self = scene
        return
      }
    }
    throw UserError(
      "environment '\(specification.name)' has nothing to ask for with seed \(seed): in none of 2000 layouts is there a command of the split '\(commands.split.rawValue)' that does not hold already"
    )
  }

  private init?(
    _ specification: EnvironmentSpecification, _ level: RandomizationLevel,
    _ commands: CommandDrawing, seed: UInt64, attempt: Int
  ) throws {
    var layout = RandomStream(seed: seed, purpose: "layout", index: attempt)
    var words = RandomStream(seed: seed, purpose: "wording")

    let settings = specification.objects
    let kinds = Scene.kinds(settings, using: &layout)
    let palette = settings.colors.map(\.color)
    let draws = EpisodeDraws(
      level, colors: kinds.map { palette[$0 % palette.count] }, palette: palette, table: specification.table, seed: seed
    )
    robot = draws.robot
    appearance = draws.appearance
    table = draws.table
    sensors = draws.sensors
    self.draws = draws.record
    objects = zip(kinds, draws.objects).map { Scene.object($0, settings, $1) }
    zones = specification.zones
    obstacles = specification.obstacles
    tipStart = Vec2(
      layout.uniform(in: specification.robot.startX), layout.uniform(in: specification.robot.startY))
    instruction = Instruction(requests: [])
    swappedInstruction = instruction
    command = ""
    swappedCommand = ""
    try place(specification, using: &layout)

    let possible = specification.task.instructions(in: self, of: specification)
    let instructions = possible.filter { commands.admits($0) }
    guard !instructions.isEmpty else { return nil }
    instruction = instructions[layout.integer(below: instructions.count)]
    let others = Scene.others(than: instruction, among: possible)
    swappedInstruction =
      others.isEmpty ? instruction : others[layout.integer(below: others.count)]
    command = try commands.sample(instruction, in: self, using: &words)
    swappedCommand = try commands.sample(swappedInstruction, in: self, using: &words)
    specification.task.furnish(&self, of: specification, seed: seed)
  }

  /// The colour (remainder) and shape (quotient by the number of colours) of each object.
  private static func kinds(
    _ settings: ObjectSpecification, using layout: inout RandomStream
  ) -> [Int] {
    let all = settings.colors.count * settings.shapes.count
    guard all > 0 else { return [] }
    let count =
      settings.count.count == 1
      ? settings.count.lowerBound : settings.count.lowerBound + layout.integer(below: settings.count.count)
    guard settings.allowsTwins else { return Array(layout.permutation(all).prefix(count)) }
    return (0..<count).map { _ in layout.integer(below: all) }
  }

  private static func object(_ kind: Int, _ settings: ObjectSpecification, _ draws: ObjectDraws) -> SceneObject {
    let (shape, nominal) = settings.shapes[kind / settings.colors.count]
    let circumradius = nominal * draws.size
    return SceneObject(
      colorName: settings.colors[kind % settings.colors.count].name, shape: shape, color: draws.color,
      circumradius: circumradius,
      body: BodyModel(
        shape: shape.outline(circumradius: circumradius), mass: settings.mass * draws.mass,
        contactFriction: settings.contactFriction * draws.contactFriction,
        supportFriction: settings.supportFriction * draws.supportFriction, restitution: draws.restitution),
      start: BodyState(position: .zero, angle: 0))
  }

  /// Places the objects clear of each other, of obstacles and of the tip. A layout in which nothing fits after many
  /// tries is started afresh with a little less clearance, so that every seed has a scene.
  private mutating func place(
    _ specification: EnvironmentSpecification, using random: inout RandomStream
  ) throws {
    let settings = specification.objects
    var clearance = settings.clearance
    for _ in 0..<200 {
      var placed: [SceneObject] = []
      for var object in objects {
        for _ in 0..<100 {
          let position = Vec2(
            random.uniform(in: settings.spawnX), random.uniform(in: settings.spawnY))
          let clear =
            placed.allSatisfy {
              ($0.start.position - position).length
                > $0.circumradius + object.circumradius + clearance
            }
            && (position - tipStart).length
              > object.circumradius + specification.robot.tipRadius + clearance
            && obstacles.allSatisfy {
              $0.distance(to: position) > object.circumradius + clearance
            }
          guard clear else { continue }
          object.start = BodyState(
            position: position, angle: random.uniform(in: -Double.pi...Double.pi))
          placed.append(object)
          break
        }
      }
      if placed.count == objects.count {
        objects = placed
        return
      }
      clearance *= 0.8
    }
    let sizes = objects.map { String(format: "%.3f", $0.circumradius) }.joined(separator: ", ")
    throw UserError(
      "environment '\(specification.name)' has no room for objects of \(sizes) m from centre to rim in 'objects.spawn_x' and 'objects.spawn_y'; make the area larger or the objects smaller"
    )
  }

  /// The instructions that differ from one as far as they can: in what is moved and in where it goes. The order of
  /// requests is no difference.
  private static func others(
    than first: Instruction, among instructions: [Instruction]
  ) -> [Instruction] {
    let requests = Set(first.requests)
    let different = instructions.filter { Set($0.requests) != requests }
    let thorough = different.filter { other in
      zip(first.requests, other.requests).allSatisfy {
        $0.subject != $1.subject && $0.target != $1.target
      }
    }
    return thorough.isEmpty ? different : thorough
  }
}
