// Group norm over channels-last samples: sums over positions go down columns of sixteen channels, so that
// any group width is as fast as any other; groups only meet in rows of one number per channel. Positions are
// taken a tile at a time, so that a tile's columns are found in the first-level cache.
//
//            channels ──►            sums per channel ──► per group ──► repeated per channel
//   position ┌────┬────┬────┐        ┌────┬────┬────┐
//      │     │ 16 │ 16 │ …  │   Σ ►  │    │    │    │
//      ▼     └────┴────┴────┘        └────┴────┴────┘

/// The extents of one group norm.
struct GroupNormSizes {
  let samples: Int
  let positions: Int
  let channels: Int
  let groups: Int

  init(_ shape: Shape, _ layer: GroupNorm) {
    samples = shape[0]
    channels = shape.columns
    positions = shape.rows / max(1, samples)
    groups = layer.groups
  }

  var groupWidth: Int { channels / groups }
  /// 1 / (how many numbers share their statistics).
  var reciprocal: Float { 1 / Float(positions * groupWidth) }
  /// Positions of a tile: 8 kB of a sample.
  var tile: Int { max(8, 2048 / channels) }
  /// Of a row of one number per channel, with room for a whole vector behind it.
  var rowCount: Int { (channels + 15) / 16 * 16 + 16 }
  var scratchCount: Int { 6 * rowCount }
}

extension Kernels {
  /// Repeats one number per group for each channel of the group; `target` has room for sixteen more.
  @inline(__always)
  private static func repeatPerChannel(
    _ sizes: GroupNormSizes, _ numbers: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>
  ) {
    let width = sizes.groupWidth
    for g in 0..<sizes.groups {
      // What is written beyond the group is the next group's, whose turn comes later.
      let lanes = Lanes(repeating: numbers[g])
      var c = 0
      while c < width {
        store(lanes, target + g * width + c)
        c += 16
      }
    }
  }

  /// Calls `body` for each column of sixteen channels of each tile of positions: first and last position,
  /// first channel, width.
  @inline(__always)
  private static func tiles(_ sizes: GroupNormSizes, _ body: (Int, Int, Int, Int) -> Void) {
    let tile = sizes.tile
    var start = 0
    while start < sizes.positions {
      let end = min(start + tile, sizes.positions)
      columnBlocks(sizes.channels) { body(start, end, $0, $1) }
      start = end
    }
  }

  /// Mean and reciprocal deviation of each group of one sample, `[groups]` each.
  ///
  /// Sums are taken about the mean of each channel's first tile: no digits are lost to means far from zero,
  /// and the sample is read once.
  private static func groupStatistics(
    _ sizes: GroupNormSizes, _ x: UnsafePointer<Float>, epsilon: Float,
    scratch: UnsafeMutablePointer<Float>, means: UnsafeMutablePointer<Float>,
    scales: UnsafeMutablePointer<Float>
  ) {
    let (channels, width) = (sizes.channels, sizes.groupWidth)
    let (centres, sums, squares) = (scratch, scratch + sizes.rowCount, scratch + 2 * sizes.rowCount)
    let first = min(sizes.tile, sizes.positions)
    let share = 1 / Float(first)
    columnBlocks(channels) { c, lanes in
      var (a, b) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var index = c
      for _ in 0..<first / 2 {
        a += load(x + index, width: lanes)
        b += load(x + index + channels, width: lanes)
        index += 2 * channels
      }
      if first % 2 == 1 { a += load(x + index, width: lanes) }
      store((a + b) * share, centres + c)
      store(Lanes(repeating: 0), sums + c)
      store(Lanes(repeating: 0), squares + c)
    }
    tiles(sizes) { start, end, c, lanes in
      let centre = load(centres + c)
      var (a, b) = (load(sums + c), Lanes(repeating: 0))
      var (aa, bb) = (load(squares + c), Lanes(repeating: 0))
      var index = start * channels + c
      for _ in 0..<(end - start) / 2 {
        let d: Lanes = load(x + index, width: lanes) - centre
        let e: Lanes = load(x + index + channels, width: lanes) - centre
        a += d
        b += e
        aa = multiplyAdd(d, d, aa)
        bb = multiplyAdd(e, e, bb)
        index += 2 * channels
      }
      if (end - start) % 2 == 1 {
        let d: Lanes = load(x + index, width: lanes) - centre
        a += d
        aa = multiplyAdd(d, d, aa)
      }
      store(a + b, sums + c)
      store(aa + bb, squares + c)
    }
    // Per channel: mean, and the sum of squares about it; then what the means add about the group's.
    let positions = Float(sizes.positions)
    let perPosition = 1 / positions
    columnBlocks(channels) { c, lanes in
      let total = load(sums + c)
      let shift: Lanes = total * perPosition
      store(load(centres + c) + shift, centres + c)
      store(load(squares + c) - total * shift, squares + c)
    }
    let perChannel = 1 / Float(width)
    for g in 0..<sizes.groups {
      let mean = total(of: centres + g * width, count: width) * perChannel
      var between = Lanes(repeating: 0)
      columnBlocks(width) { c, lanes in
        let d: Lanes = loadPartly(centres + g * width + c, lanes, fill: mean) - mean
        between = multiplyAdd(d, d, between)
      }
      let within = total(of: squares + g * width, count: width)
      let variance = (within + positions * sum(between)) * sizes.reciprocal
      means[g] = mean
      scales[g] = 1 / (variance + epsilon).squareRoot()
    }
  }

  /// y = F((x − mean)·s·gain + shift); `x`, `y` `[N, P, C]`, `gain`, `shift` `[C]`, `statistics`
  /// `[N, 2, groups]`.
  static func groupNorm<F: PointwiseFunction>(
    _: F.Type, _ sizes: GroupNormSizes, _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, epsilon: Float, scratch: UnsafeMutablePointer<Float>,
    statistics: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    let (channels, groups) = (sizes.channels, sizes.groups)
    let means = scratch
    let factors = means + sizes.rowCount
    for n in 0..<sizes.samples {
      let sample = x + n * sizes.positions * channels
      let out = y + n * sizes.positions * channels
      let kept = statistics + n * 2 * groups
      groupStatistics(
        sizes, sample, epsilon: epsilon, scratch: scratch, means: kept, scales: kept + groups)
      repeatPerChannel(sizes, kept, to: means)
      repeatPerChannel(sizes, kept + groups, to: factors)
      columnBlocks(channels) { c, lanes in
        store(load(factors + c) * load(gain + c, width: lanes), factors + c)
      }
      tiles(sizes) { start, end, c, lanes in
        let mean = load(means + c)
        let factor = load(factors + c)
        let offset = load(shift + c, width: lanes)
        var index = start * channels + c
        for _ in start..<end {
          let z = multiplyAdd(load(sample + index, width: lanes) - mean, factor, offset)
          store(F.value(z), out + index, width: lanes)
          index += channels
        }
      }
    }
  }

  /// With h = (x − mean)·s, z = h·gain + shift and d = dy·F′(z):
  /// gain' += Σ d·h, shift' += Σ d, dx = s·(d·gain − mean(d·gain) − h·mean(d·gain·h)).
  ///
  /// `dy` becomes d; `dx`, where the input learns, may be `dy`.
  static func groupNormBackward<F: PointwiseFunction>(
    _: F.Type, _ sizes: GroupNormSizes, _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, statistics: UnsafePointer<Float>, _ dy: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, gainGradient: UnsafeMutablePointer<Float>?,
    shiftGradient: UnsafeMutablePointer<Float>?, to dx: UnsafeMutablePointer<Float>?, assigning: Bool
  ) {
    let (channels, groups, width) = (sizes.channels, sizes.groups, sizes.groupWidth)
    let means = scratch
    let scales = means + sizes.rowCount
    // Per channel Σ d and Σ d·h, then s·mean(d·gain) and s²·mean(d·gain·h), per group and repeated.
    let first = scales + sizes.rowCount
    let second = first + sizes.rowCount
    let firstOfGroup = second + sizes.rowCount
    let secondOfGroup = firstOfGroup + sizes.rowCount
    for n in 0..<sizes.samples {
      let sample = x + n * sizes.positions * channels
      let gradient = dy + n * sizes.positions * channels
      let kept = statistics + n * 2 * groups
      repeatPerChannel(sizes, kept, to: means)
      repeatPerChannel(sizes, kept + groups, to: scales)
      first.update(repeating: 0, count: 2 * sizes.rowCount)
      tiles(sizes) { start, end, c, lanes in
        let mean = load(means + c)
        let scale = load(scales + c)
        let gain = load(gain + c, width: lanes)
        let shift = load(shift + c, width: lanes)
        var total = load(first + c)
        var projection = load(second + c)
        var index = start * channels + c
        for _ in start..<end {
          let h: Lanes = (load(sample + index, width: lanes) - mean) * scale
          let d = F.backward(multiplyAdd(h, gain, shift), load(gradient + index, width: lanes))
          if F.self != Identity.self { store(d, gradient + index, width: lanes) }
          total += d
          projection = multiplyAdd(d, h, projection)
          index += channels
        }
        store(total, first + c)
        store(projection, second + c)
      }
      columnBlocks(channels) { c, lanes in
        let (total, projection) = (load(first + c), load(second + c))
        if let gainGradient {
          store(load(gainGradient + c, width: lanes) + projection, gainGradient + c, width: lanes)
        }
        if let shiftGradient {
          store(load(shiftGradient + c, width: lanes) + total, shiftGradient + c, width: lanes)
        }
        let gain = load(gain + c, width: lanes)
        store(total * gain, first + c)
        store(projection * gain, second + c)
        // From here on only s·gain is needed.
        store(load(scales + c) * gain, scales + c)
      }
      guard let dx else { continue }
      let target = dx + n * sizes.positions * channels
      for g in 0..<groups {
        let scale = kept[groups + g]
        firstOfGroup[g] = total(of: first + g * width, count: width) * (scale * sizes.reciprocal)
        secondOfGroup[g] =
          total(of: second + g * width, count: width) * (scale * scale * sizes.reciprocal)
      }
      repeatPerChannel(sizes, firstOfGroup, to: first)
      repeatPerChannel(sizes, secondOfGroup, to: second)
      tiles(sizes) { start, end, c, lanes in
        let mean = load(means + c)
        let factor = load(scales + c)
        let offset: Lanes = Lanes(repeating: 0) - load(first + c)
        let slope = load(second + c)
        var index = start * channels + c
        for _ in start..<end {
          let centred: Lanes = mean - load(sample + index, width: lanes)
          let scaled = multiplyAdd(factor, load(gradient + index, width: lanes), offset)
          var d = multiplyAdd(centred, slope, scaled)
          if !assigning { d += load(target + index, width: lanes) }
          store(d, target + index, width: lanes)
          index += channels
        }
      }
    }
  }
}
