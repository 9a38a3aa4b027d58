// Whether a belt as a file describes it can be worked at.

import PlanarCore

/// Checks of the section `belt` against the rest of the file.
struct BeltChecks {
  let task: BeltTask
  let top: SpecReader
  let section: SpecReader

  /// How long the tip takes beyond its way: to get behind the object and to push it off, s.
  private static let handling = 1.5

  /// - Throws: `UserError` naming file, line and key.
  func run() throws {
    let table = try top.section("table")
    let (x, y) = (try table.range("x"), try table.range("y"))
    let (near, far) = (task.edges.lowerBound, task.edges.upperBound)
    let objects = try top.section("objects")
    let largest = try largestRadius(objects)
    guard y.lowerBound < near, far < y.upperBound else {
      throw section.error(
        at: "edges",
        "is [\(near.plain), \(far.plain)], which leaves no bins: the table goes from \(y.lowerBound.plain) to \(y.upperBound.plain) m"
      )
    }
    let depth = min(near - y.lowerBound, y.upperBound - far) - task.thickness
    guard depth >= 2 * largest else {
      throw section.error(
        at: "edges",
        "leaves bins of \(rounded(depth)) m behind the fences, but an object is up to \(rounded(2 * largest)) m wide; make the belt narrower"
      )
    }
    guard task.gate >= 2 * largest else {
      throw section.error(
        at: "gate",
        "is \(rounded(task.gate)) m wide, but an object is up to \(rounded(2 * largest)) m wide; widen the gates or make the objects smaller"
      )
    }
    let reach = task.post / 2 + task.gate
    guard x.lowerBound < task.place.lowerBound - reach, task.place.upperBound + reach < x.upperBound else {
      throw section.error(
        at: "place", "puts gates beside the table: with their post they reach \(rounded(reach)) m to either side")
    }
    guard x.contains(task.end), task.end < task.place.lowerBound - reach else {
      throw section.error(
        at: "end", "is \(task.end.plain), but must lie on the table, where the belt has passed all gates")
    }
    try checkZones()
    try checkSpeed(objects)
  }

  private func checkZones() throws {
    let centers = try top.section("zones").section("centers")
    let sides = try centers.keys.map { name -> Bool in
      let y = try centers.point(name).y
      guard y < task.edges.lowerBound || y > task.edges.upperBound else {
        throw centers.error(at: name, "lies on the belt; a zone stands for a bin behind a fence")
      }
      return y > task.edges.upperBound
    }
    guard sides.count == 2, Set(sides).count == 2 else {
      throw try top.section("zones").error(at: "centers", "must name two bins, one on each side of the belt")
    }
  }

  /// Refuses a belt that carries the nearest objects past the last gate sooner than a tip at full speed can be there.
  private func checkSpeed(_ objects: SpecReader) throws {
    let spawn = try objects.range("spawn_x")
    let rate = try top.number("control_rate")
    let fastest = (top.has("action_step") ? try top.number("action_step") : 0.025) * rate
    let start = try top.section("robot").range("start_x")
    let last = task.place.lowerBound - (task.post + task.gate) / 2
    let time = (spawn.lowerBound - last) / task.speed
    let way = max(0, spawn.lowerBound - start.lowerBound) + task.edges.upperBound - task.edges.lowerBound
    let needed = Self.handling + way / (fastest + task.speed)
    guard time >= needed else {
      throw section.error(
        at: "speed",
        "is \(task.speed.plain) m/s, which carries the nearest object past its last gate in \(rounded(time)) s; the tip needs about \(rounded(needed)) s to meet it and push it off, so slow the belt down"
      )
    }
  }

  private func largestRadius(_ objects: SpecReader) throws -> Double {
    let shapes = try objects.section("shapes")
    return try shapes.keys.map { try shapes.number($0) }.max() ?? 0
  }

  private func rounded(_ value: Double) -> String { ((value * 1e3).rounded() / 1e3).plain }
}
