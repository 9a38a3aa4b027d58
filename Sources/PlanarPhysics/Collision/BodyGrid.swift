// Which bodies are near a place, without asking all of them.

import PlanarCore

/// A hashed grid of square cells over all bodies (Teschner et al. 2003, "Optimized spatial hashing for collision
/// detection of deformable objects"): bodies lie in the cell of their centre.
///
/// A cell is as wide as two of the largest bodies reach together, so that what touches a body lies in its cell or in one of
/// the eight around it. Bodies that reach `largeShare` times as far as the mean would make cells too wide for the others:
/// they are kept in a list that everyone looks through.
struct BodyGrid: @unchecked Sendable {
  /// Worlds with fewer bodies are quicker asked one by one.
  static let leastBodies = 32
  private static let largeShare = 4.0

  /// First entry of each bucket in `entries`, and where the last ends.
  private let starts: UnsafeMutablePointer<Int32>
  private let entries: UnsafeMutablePointer<Int32>
  /// The cell of each body, by its column and row.
  private let cells: UnsafeMutablePointer<SIMD2<Int32>>
  /// Of those near a place.
  private let found: UnsafeMutablePointer<Int32>
  private let large: UnsafeMutablePointer<Int32>
  private let bodyCount: Int
  private let mask: Int
  private var largeCount = 0
  private var inverseCell = 0.0

  /// Memory that whoever makes the grid frees.
  var blocks: [UnsafeMutableRawPointer] {
    [.init(starts), .init(entries), .init(cells), .init(found), .init(large)]
  }

  /// Room for that many bodies; next to none where they are too few for a grid.
  init(bodies: Int) {
    bodyCount = bodies
    let room = bodies < BodyGrid.leastBodies ? 1 : bodies
    var buckets = 1
    while buckets < 2 * room { buckets *= 2 }
    mask = buckets - 1
    starts = .allocate(capacity: buckets + 1)
    entries = .allocate(capacity: room)
    cells = .allocate(capacity: room)
    found = .allocate(capacity: room)
    large = .allocate(capacity: room)
    starts.initialize(repeating: 0, count: buckets + 1)
    entries.initialize(repeating: 0, count: room)
    cells.initialize(repeating: .zero, count: room)
    found.initialize(repeating: 0, count: room)
    large.initialize(repeating: 0, count: room)
  }

  /// Takes in where all bodies are and how far they reach, m.
  mutating func fill(_ poses: UnsafeMutablePointer<Pose>, reaches: UnsafeMutablePointer<Double>) {
    var sum = 0.0
    for i in 0..<bodyCount { sum += reaches[i] }
    let most = BodyGrid.largeShare * sum / Double(bodyCount)
    var widest = 0.0
    largeCount = 0
    for i in 0..<bodyCount {
      if reaches[i] <= most {
        widest = max(widest, reaches[i])
      } else {
        large[largeCount] = Int32(truncatingIfNeeded: i)
        largeCount += 1
      }
    }
    inverseCell = widest > 0 ? 1 / (2 * widest) : 0
    for bucket in 0...(mask + 1) { starts[bucket] = 0 }
    for i in 0..<bodyCount {
      cells[i] = SIMD2(index(poses[i].position.x), index(poses[i].position.y))
      if reaches[i] <= most { starts[bucket(of: cells[i])] += 1 }
    }
    // From counts to ends; filling from behind turns ends into starts and leaves each bucket in rising order.
    for bucket in 1...(mask + 1) { starts[bucket] += starts[bucket - 1] }
    var i = bodyCount - 1
    while i >= 0 {
      if reaches[i] <= most {
        let bucket = bucket(of: cells[i])
        starts[bucket] -= 1
        entries[Int(starts[bucket])] = Int32(truncatingIfNeeded: i)
      }
      i -= 1
    }
  }

  /// The bodies near body `i` that are not `excluded`, in rising order: those whose circle meets its own.
  @inline(__always)
  func neighbours(
    of i: Int, _ poses: UnsafeMutablePointer<Pose>, reaches: UnsafeMutablePointer<Double>,
    excluded: UnsafeMutablePointer<Bool>
  ) -> UnsafeBufferPointer<Int32> {
    var count = 0
    let position = poses[i].position
    let reach = reaches[i]
    func isNear(_ j: Int) -> Bool {
      let limit = reach + reaches[j]
      return !excluded[j] && (position - poses[j].position).lengthSquared < limit * limit
    }
    // A large body reaches beyond the cells around its own.
    if reach * inverseCell > 0.5 {
      for j in 0..<bodyCount where isNear(j) {
        found[count] = Int32(truncatingIfNeeded: j)
        count += 1
      }
      return UnsafeBufferPointer(start: found, count: count)
    }
    for k in 0..<largeCount where isNear(Int(large[k])) { count = insert(large[k], count) }
    let cell = cells[i]
    for row in -1...1 {
      for column in -1...1 {
        let other = cell &+ SIMD2(Int32(truncatingIfNeeded: column), Int32(truncatingIfNeeded: row))
        let bucket = bucket(of: other)
        var entry = starts[bucket]
        while entry < starts[bucket + 1] {
          let j = entries[Int(entry)]
          // Another cell may lie in the same bucket.
          if cells[Int(j)] == other, isNear(Int(j)) { count = insert(j, count) }
          entry += 1
        }
      }
    }
    return UnsafeBufferPointer(start: found, count: count)
  }

  /// Keeps what is found in order.
  @inline(__always)
  private func insert(_ j: Int32, _ count: Int) -> Int {
    var place = count
    while place > 0, found[place - 1] > j {
      found[place] = found[place - 1]
      place -= 1
    }
    found[place] = j
    return count + 1
  }

  /// The column or row of a coordinate; what is farther away than numbers of cells go shares the last one.
  @inline(__always)
  private func index(_ coordinate: Double) -> Int32 {
    let cell = (coordinate * inverseCell).rounded(.down)
    return abs(cell) < 1e9 ? Int32(cell) : 1_000_000_000
  }

  @inline(__always)
  private func bucket(of cell: SIMD2<Int32>) -> Int {
    let hash = UInt32(bitPattern: cell.x) &* 73_856_093 ^ UInt32(bitPattern: cell.y) &* 19_349_663
    return Int(truncatingIfNeeded: hash ^ hash >> 15) & mask
  }
}
