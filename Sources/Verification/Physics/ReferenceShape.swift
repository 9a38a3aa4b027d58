// Shapes, states and worlds of the reference files.

import PlanarCore
import PlanarPhysics

/// A shape as the files describe it.
struct ReferenceShape: Decodable, Sendable {
  enum Kind: String, Decodable { case disc, box, compound }
  var type: Kind
  var radius: Double?
  var halfExtents: Row<Two>?
  /// Rectangles: centre x and y, half extents x and y.
  var cells: [Row<Four>]?

  /// - Throws: `ReferenceError` where a size is missing or not positive.
  func shape(of name: String) throws -> BodyShape {
    switch type {
    case .disc:
      guard let radius else { throw ReferenceError("'\(name)' has a disc without a radius") }
      try requirePositive([radius], "a radius", of: name)
      return .disc(radius: radius)
    case .box:
      guard let halfExtents else {
        throw ReferenceError("'\(name)' has a box without half extents")
      }
      try requirePositive([halfExtents[0], halfExtents[1]], "a half extent", of: name)
      return .box(halfWidth: halfExtents[0], halfHeight: halfExtents[1])
    case .compound:
      guard let cells, !cells.isEmpty else {
        throw ReferenceError("'\(name)' has a compound without cells")
      }
      try requirePositive(cells.flatMap { [$0[2], $0[3]] }, "a half extent", of: name)
      return .compound(
        cells.map { cell in
          [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map {
            cell.vector(at: 0) + Vec2($0 * cell[2], $1 * cell[3])
          }
        })
    }
  }
}

/// A shape with its mass.
struct ReferenceBody: Sendable {
  var shape: BodyShape
  var mass: Double
  var inertia: Double

  /// - Throws: `ReferenceError` where the numbers are not those of a body.
  init(_ shape: ReferenceShape, mass: Double, inertia: Double, of name: String) throws {
    try requirePositive([mass, inertia], "a mass or inertia", of: name)
    self.shape = try shape.shape(of: name)
    self.mass = mass
    self.inertia = inertia
  }

  func model(
    contactFriction: Double = 0, supportFriction: Double = 0, restitution: Double = 0
  ) -> BodyModel {
    BodyModel(
      shape: shape, mass: mass, inertia: inertia, contactFriction: contactFriction,
      supportFriction: supportFriction, restitution: restitution)
  }

  /// ½·m·v² + ½·I·ω², J.
  func kineticEnergy(_ state: BodyState) -> Double {
    (mass * state.velocity.lengthSquared + inertia * state.spin * state.spin) / 2
  }
}

extension BodyState {
  /// x, y, θ, vx, vy, ω.
  init(_ row: Row<Six>) {
    self.init(
      position: row.vector(at: 0), angle: row[2], velocity: row.vector(at: 3), spin: row[5])
  }
}

extension World {
  /// A world without an arm, with the default settings but for these.
  static func reference(
    h: Double, walls: [Wall] = [], gravity: Vec2 = .zero, tableGravity: Double = 9.81
  ) -> World {
    var settings = PhysicsSettings()
    settings.timeStep = h
    settings.inPlaneGravity = gravity
    settings.tableGravity = tableGravity
    return World(walls: walls, settings: settings)
  }

  /// Steps until `time`, a multiple of the step or nearly so.
  mutating func step(until time: Double) {
    let steps = Int((time / settings.timeStep).rounded())
    while stepCount < steps { step() }
  }
}
