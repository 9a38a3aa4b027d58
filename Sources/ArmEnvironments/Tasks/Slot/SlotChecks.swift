// Whether pegs and slots as a file describes them fit, and can be reached.

import PlanarCore

/// Checks of the section `slot` against the rest of the file.
struct SlotChecks {
  let task: SlotTask
  let top: SpecReader
  let section: SpecReader

  /// What the solver leaves of overlaps, m: less clearance cannot be told from none.
  private static let leastClearance = 0.0005
  /// How much of a peg the fingers hold, m.
  private static let grip = 0.05

  /// - Throws: `UserError` naming file, line and key.
  func run() throws {
    let table = try top.section("table")
    let (x, y) = (try table.range("x"), try table.range("y"))
    guard task.clearance >= Self.leastClearance else {
      throw section.error(
        at: "clearance",
        task.clearance <= 0
          ? "is \(millimetres(task.clearance)), so that a slot would be no wider than the peg; it must be at least \(millimetres(Self.leastClearance))"
          : "is \(millimetres(task.clearance)), less than the physics tells from none; it must be at least \(millimetres(Self.leastClearance))"
      )
    }
    let shapes = try top.section("objects").section("shapes")
    for key in shapes.keys {
      let radius = try shapes.number(key)
      let half = task.pegWidth / 2
      let length = radius > half ? 2 * (radius * radius - half * half).squareRoot() : 0
      guard length >= task.depth + Self.grip else {
        throw shapes.error(
          at: key,
          "makes pegs \(millimetres(length)) long, too short to be held while they are \(millimetres(task.depth)) deep in a slot; they need \(millimetres(task.depth + Self.grip))"
        )
      }
    }
    let zones = try top.section("zones")
    let centers = try zones.section("centers")
    var places: [Double] = []
    for key in centers.keys {
      let place = try centers.point(key).x
      let reach = task.shift + (task.pegWidth + task.clearance) / 2
      guard x.lowerBound < place - reach, place + reach < x.upperBound else {
        throw centers.error(
          at: key, "puts its slot beside the table: with 'slot.shift' it reaches \(millimetres(reach)) to either side")
      }
      guard places.allSatisfy({ abs($0 - place) > 2 * reach }) else {
        throw centers.error(at: key, "puts its slot into another; move the zones apart along x")
      }
      places.append(place)
      try requireReach(of: Vec2(place, y.upperBound), zone: key, centers)
    }
  }

  /// Refuses a slot that an arm of the file cannot bring a peg to the end of.
  private func requireReach(of end: Vec2, zone: String, _ centers: SpecReader) throws {
    let robot = try RobotSpecification(top.section("robot"), model: nil)
    guard case .arm(let arm) = robot.body else { return }
    let farthest = 0.99 * arm.lengths.reduce(0, +)
    for side in [-task.shift, task.shift] {
      // The fingers hold the peg behind the slot's face.
      let hand = end + Vec2(side, -task.depth - Self.grip)
      let distance = (hand - arm.base).length
      guard distance <= farthest else {
        throw centers.error(
          at: zone,
          "puts its slot out of reach: the hand would be \(millimetres(distance)) from the robot's base, but its arm reaches \(millimetres(farthest))"
        )
      }
    }
  }

  private func millimetres(_ length: Double) -> String { "\(((length * 1e4).rounded() / 10).plain) mm" }
}
