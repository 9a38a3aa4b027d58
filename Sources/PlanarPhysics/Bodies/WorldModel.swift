// What a world is made of and does not change by stepping: shared by all forks.

import PlanarCore

/// Bodies, walls and settings, with the solver's view of them. Immutable, so that forks share it for a reference.
final class WorldModel: @unchecked Sendable {
  let settings: PhysicsSettings
  let walls: [Wall]
  let wallTable: UnsafeMutablePointer<Wall>
  let wallCount: Int
  let bodies: [BodyModel]
  let constants: UnsafeMutablePointer<BodyConstants>
  let parts: UnsafeMutablePointer<ShapePart>
  let corners: UnsafeMutablePointer<Vec2>
  let normals: UnsafeMutablePointer<Vec2>
  /// The least inradius of all bodies, m.
  let leastInradius: Double
  /// The most parts of a body.
  let mostParts: Int

  init(settings: PhysicsSettings, walls: [Wall], bodies: [BodyModel]) {
    self.settings = settings
    self.walls = walls
    wallTable = packed(walls)
    wallCount = walls.count
    self.bodies = bodies
    var shapes = ShapeTable()
    let constants = bodies.map {
      BodyConstants($0, gravity: settings.tableGravity, parts: shapes.add($0.shape))
    }
    leastInradius = constants.map(\.inradius).min() ?? .infinity
    mostParts = constants.map(\.parts.count).max() ?? 0
    self.constants = packed(constants)
    parts = packed(shapes.parts)
    corners = packed(shapes.corners)
    normals = packed(shapes.normals)
  }

  deinit {
    wallTable.deallocate()
    constants.deallocate()
    parts.deallocate()
    corners.deallocate()
    normals.deallocate()
  }

  func adding(_ body: BodyModel) -> WorldModel {
    WorldModel(settings: settings, walls: walls, bodies: bodies + [body])
  }
}

/// The elements (plain data) at a fixed address.
private func packed<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
  let storage = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
  storage.initialize(from: elements, count: elements.count)
  return storage
}
