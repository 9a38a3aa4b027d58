// One episode's scene: everything that reset draws from the seed, before physics begins.

import PlanarCore
import PlanarPhysics
import SceneDrawing

/// An object as it was drawn for an episode.
struct PushObject: Equatable, Sendable {
  var colorName: String
  var shape: PushSpecification.Shape
  var color: Color
  /// Distance of the farthest point from the centre, m.
  var circumradius: Double
  var body: BodyModel
  var start: BodyState
}

/// The draws of one episode.
struct PushScene: Sendable {
  var objects: [PushObject]
  var goal: PushGoal
  var swappedGoal: PushGoal
  var command: String
  var swappedCommand: String
  var tipStart: Vec2
  var motorGain: Double
  var tableColor: Color
  /// Everything drawn, by name, for the record.
  var draws: [String: Double]

  /// Draws a scene. The same seed gives the same layout of colours, shapes and goals at every level.
  init(
    _ specification: PushSpecification, _ level: RandomizationLevel, _ grammar: CommandGrammar,
    seed: UInt64
  ) {
    var layout = RandomStream(seed: seed, purpose: "layout")
    var physics = RandomStream(seed: seed, purpose: "physics")
    var look = RandomStream(seed: seed, purpose: "appearance")
    var words = RandomStream(seed: seed, purpose: "wording")
    var draws: [String: Double] = [:]

    let kinds = layout.permutation(specification.colors.count * specification.shapes.count)
      .prefix(specification.objectCount)
    motorGain = physics.logUniform(in: level.motorGain)
    draws["motor_gain"] = motorGain
    objects = kinds.enumerated().map { index, kind in
      let color = specification.colors[kind % specification.colors.count]
      let (shape, nominal) = specification.shapes[kind / specification.colors.count]
      let size = physics.uniform(in: level.size)
      let mass = physics.logUniform(in: level.mass)
      let contact = physics.uniform(in: level.contactFriction)
      let support = physics.uniform(in: level.supportFriction)
      for (name, value) in [
        ("size", size), ("mass", mass), ("contact_friction", contact), ("support_friction", support),
      ] { draws["object\(index).\(name)"] = value }
      let circumradius = nominal * size
      return PushObject(
        colorName: color.name, shape: shape,
        color: PushScene.varied(
          color.color, by: level.color, among: specification.colors.map(\.color), using: &look),
        circumradius: circumradius,
        body: BodyModel(
          shape: PushScene.outline(shape, circumradius: circumradius),
          mass: specification.mass * mass,
          contactFriction: specification.contactFriction * contact,
          supportFriction: specification.supportFriction * support),
        start: BodyState(position: .zero, angle: 0))
    }
    for (index, object) in objects.enumerated() {
      draws["object\(index).red"] = Double(object.color.red)
      draws["object\(index).green"] = Double(object.color.green)
      draws["object\(index).blue"] = Double(object.color.blue)
    }
    tableColor = PushScene.shifted(Color(hex: 0xE6E1D6), by: level.background, using: &look)
    draws["table.red"] = Double(tableColor.red)
    draws["table.green"] = Double(tableColor.green)
    draws["table.blue"] = Double(tableColor.blue)
    self.draws = draws

    tipStart = Vec2(
      layout.uniform(in: specification.startX), layout.uniform(in: specification.startY))
    PushScene.place(&objects, tip: tipStart, specification, using: &layout)

    let goals = PushScene.openGoals(objects, specification)
    goal = goals[layout.integer(below: goals.count)]
    let first = goal
    let others = goals.filter {
      ($0.color != first.color || $0.shape != first.shape) && $0.zone != first.zone
    }
    swappedGoal = others.isEmpty ? goal : others[layout.integer(below: others.count)]
    command = grammar.sample(goal.instruction, language: .english, split: .any, using: &words)
    swappedCommand = grammar.sample(
      swappedGoal.instruction, language: .english, split: .any, using: &words)
  }

  /// Places the objects clear of each other and of the tip. A layout in which nothing fits after many tries is
  /// started afresh with a little less clearance, so that every seed has a scene.
  private static func place(
    _ objects: inout [PushObject], tip: Vec2, _ specification: PushSpecification,
    using random: inout RandomStream
  ) {
    var clearance = specification.clearance
    while true {
      var placed: [PushObject] = []
      for var object in objects {
        for _ in 0..<100 {
          let position = Vec2(
            random.uniform(in: specification.spawnX), random.uniform(in: specification.spawnY))
          let clear =
            placed.allSatisfy {
              ($0.start.position - position).length
                > $0.circumradius + object.circumradius + clearance
            }
            && (position - tip).length
              > object.circumradius + specification.arm.tipRadius + clearance
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
  }

  /// Every goal that the scene does not start with: the object's centre is well outside the zone.
  private static func openGoals(
    _ objects: [PushObject], _ specification: PushSpecification
  ) -> [PushGoal] {
    objects.flatMap { object in
      specification.zones.filter {
        ($0.center - object.start.position).length > specification.zoneRadius + 0.02
      }.map { PushGoal(color: object.colorName, shape: object.shape.rawValue, zone: $0.name) }
    }
  }

  static func outline(_ shape: PushSpecification.Shape, circumradius: Double) -> BodyShape {
    switch shape {
    case .disc: return .disc(radius: circumradius)
    case .square:
      let half = circumradius / 2.0.squareRoot()
      return .polygon(.box(halfWidth: half, halfHeight: half))
    case .triangle: return .polygon(.triangle(circumradius: circumradius))
    }
  }

  /// A colour moved by at most `amount` per channel that is still nearest to its own name.
  private static func varied(
    _ color: Color, by amount: Double, among palette: [Color], using random: inout RandomStream
  ) -> Color {
    while true {
      let candidate = shifted(color, by: amount, using: &random)
      let own = candidate.squaredDistance(to: color)
      if palette.allSatisfy({ $0 == color || candidate.squaredDistance(to: $0) > own }) {
        return candidate
      }
    }
  }

  private static func shifted(
    _ color: Color, by amount: Double, using random: inout RandomStream
  ) -> Color {
    func move(_ channel: Float) -> Float {
      min(max(channel + Float(random.uniform(in: -amount...amount)), 0), 1)
    }
    return Color(red: move(color.red), green: move(color.green), blue: move(color.blue))
  }
}

extension Color {
  fileprivate func squaredDistance(to other: Color) -> Float {
    let r = red - other.red
    let g = green - other.green
    let b = blue - other.blue
    return r * r + g * g + b * b
  }
}
