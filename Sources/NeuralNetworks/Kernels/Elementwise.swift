// Loops over flat arrays.

/// Pure kernels: pointers in, pointers out, nothing remembered.
enum Kernels {
  /// Calls `body` with every index that starts sixteen whole lanes, then with the tail's index and length.
  @inline(__always)
  static func sweep(_ count: Int, _ whole: (Int) -> Void, tail: (Int, Int) -> Void) {
    var i = 0
    while i + 16 <= count {
      whole(i)
      i += 16
    }
    if i < count { tail(i, count - i) }
  }

  /// Calls `body` with every block's first column and its width: sixteen, and at last what is left over.
  ///
  /// Like all loops with closures, for small functions: in large ones the compiler stops inlining.
  @inline(__always)
  static func columnBlocks(_ columns: Int, _ body: (_ column: Int, _ width: Int) -> Void) {
    sweep(columns) {
      body($0, 16)
    } tail: {
      body($0, $1)
    }
  }

  /// target[i] = body(a[i]).
  @inline(__always)
  static func map(
    _ a: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int,
    _ body: (Lanes) -> Lanes
  ) {
    columnBlocks(count) { store(body(load(a + $0, width: $1)), target + $0, width: $1) }
  }

  /// target[i] = body(a[i], b[i]).
  @inline(__always)
  static func map(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
    count: Int, _ body: (Lanes, Lanes) -> Lanes
  ) {
    columnBlocks(count) {
      store(body(load(a + $0, width: $1), load(b + $0, width: $1)), target + $0, width: $1)
    }
  }

  /// target[i] = body(a[i], b[i], c[i]).
  @inline(__always)
  static func map(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    to target: UnsafeMutablePointer<Float>, count: Int, _ body: (Lanes, Lanes, Lanes) -> Lanes
  ) {
    columnBlocks(count) {
      let (x, y, z) = (load(a + $0, width: $1), load(b + $0, width: $1), load(c + $0, width: $1))
      store(body(x, y, z), target + $0, width: $1)
    }
  }

  static func add(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    map(source, target, to: target, count: count) { $1 + $0 }
  }

  static func add(
    _ source: UnsafePointer<Float>, times factor: Float, into target: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    map(source, target, to: target, count: count) { $1 + $0 * factor }
  }

  /// Σ source[i] of a few numbers.
  @inline(__always)
  static func total(of source: UnsafePointer<Float>, count: Int) -> Float {
    var lanes = Lanes(repeating: 0)
    sweep(count) {
      lanes += load(source + $0)
    } tail: {
      lanes += loadPartly(source + $0, $1)
    }
    return sum(lanes)
  }

  /// Copies one row of `columns` numbers under itself `rows` times.
  static func repeatRow(
    _ row: UnsafePointer<Float>, rows: Int, columns: Int, to target: UnsafeMutablePointer<Float>
  ) {
    for r in 0..<rows { (target + r * columns).update(from: row, count: columns) }
  }

  /// target[i] *= factor.
  static func scale(_ target: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    map(target, to: target, count: count) { $0 * factor }
  }

  /// Σ a[i]·b[i] of a few numbers.
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    var lanes = Lanes(repeating: 0)
    columnBlocks(count) {
      lanes = multiplyAdd(load(a + $0, width: $1), load(b + $0, width: $1), lanes)
    }
    return sum(lanes)
  }

  /// target[c] += Σ_r source[r, c]; 64 columns at a time, so that whole cache lines are read in order and
  /// additions need not wait for each other.
  static func addColumnSums(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    var c = 0
    while c + 64 <= columns {
      var (s, t) = (load(target + c), load(target + c + 16))
      var (u, v) = (load(target + c + 32), load(target + c + 48))
      var row = source + c
      for _ in 0..<rows {
        s += load(row)
        t += load(row + 16)
        u += load(row + 32)
        v += load(row + 48)
        row += columns
      }
      store(s, target + c)
      store(t, target + c + 16)
      store(u, target + c + 32)
      store(v, target + c + 48)
      c += 64
    }
    columnBlocks(columns - c) { d, width in
      var total = load(target + c + d, width: width)
      for r in 0..<rows { total += load(source + r * columns + c + d, width: width) }
      store(total, target + c + d, width: width)
    }
  }

  /// Σ source[i]², summed in lanes and, across blocks of 4096, in double precision.
  static func squaredNorm(_ source: UnsafePointer<Float>, count: Int) -> Double {
    var total = 0.0
    var start = 0
    while start < count {
      let length = min(4096, count - start)
      let block = source + start
      var lanes = Lanes(repeating: 0)
      sweep(length) {
        let x = load(block + $0)
        lanes += x * x
      } tail: {
        let x = loadPartly(block + $0, $1)
        lanes += x * x
      }
      total += Double(sum(lanes))
      start += length
    }
    return total
  }
}
