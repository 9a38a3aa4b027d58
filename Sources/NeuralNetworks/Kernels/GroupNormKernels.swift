// Group norm over channels-last samples: sums over positions go down columns of sixteen channels, so that
// any group width is as fast as any other; groups only meet in rows of one number per channel.
//
//            channels ──►            sums per channel ──► per group ──► repeated per channel
//   position ┌────┬────┬────┐        ┌────┬────┬────┐
//      │     │ 16 │ 16 │ …  │   Σ ►  │    │    │    │
//      ▼     └────┴────┴────┘        └────┴────┴────┘

extension Kernels {
  /// Repeats one number per group for each channel of the group; `target` has room for sixteen more.
  @inline(__always)
  private static func repeatPerChannel(
    _ sizes: GroupNormSizes, to target: UnsafeMutablePointer<Float>, _ number: (Int) -> Float
  ) {
    let width = sizes.groupWidth
    for g in 0..<sizes.groups {
      // What is written beyond the group is the next group's, whose turn comes later.
      let lanes = Lanes(repeating: number(g))
      var c = 0
      while c < width {
        store(lanes, target + g * width + c)
        c += 16
      }
    }
  }

  /// Σ_p term(source[p, c …]) in four sums, so that additions need not wait for each other.
  @inline(__always)
  private static func columnSum(
    _ source: UnsafePointer<Float>, stride: Int, rows: Int, width: Int, _ add: (Lanes, Lanes) -> Lanes
  ) -> Lanes {
    var a = Lanes(repeating: 0)
    var b = a
    var c = a
    var d = a
    var p = 0
    while p + 4 <= rows {
      let row = source + p * stride
      a = add(a, load(row, width: width))
      b = add(b, load(row + stride, width: width))
      c = add(c, load(row + 2 * stride, width: width))
      d = add(d, load(row + 3 * stride, width: width))
      p += 4
    }
    while p < rows {
      a = add(a, load(source + p * stride, width: width))
      p += 1
    }
    return (a + b) + (c + d)
  }

  /// y = F((x − mean)·s·gain + shift); `x`, `y` `[N, P, C]`, `gain`, `shift` `[C]`, `statistics`
  /// `[N, 2, groups]`.
  static func groupNorm<F: PointwiseFunction>(
    _: F.Type, _ sizes: GroupNormSizes, _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, epsilon: Float, scratch: UnsafeMutablePointer<Float>,
    statistics: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    let (channels, positions, groups, width) = (
      sizes.channels, sizes.positions, sizes.groups, sizes.groupWidth
    )
    let reciprocal = sizes.reciprocal
    let sums = scratch
    let means = scratch + sizes.rowCount
    let scales = means + sizes.rowCount
    for n in 0..<sizes.samples {
      let sample = x + n * positions * channels
      let out = y + n * positions * channels
      let kept = statistics + n * 2 * groups
      columnBlocks(channels) { c, lanes in
        let total = columnSum(sample + c, stride: channels, rows: positions, width: lanes) { $0 + $1 }
        store(total, sums + c, width: lanes)
      }
      for g in 0..<groups { kept[g] = total(of: sums + g * width, count: width) * reciprocal }
      repeatPerChannel(sizes, to: means) { kept[$0] }
      columnBlocks(channels) { c, lanes in
        let mean = load(means + c)
        let total = columnSum(sample + c, stride: channels, rows: positions, width: lanes) {
          let d: Lanes = $1 - mean
          return multiplyAdd(d, d, $0)
        }
        store(total, sums + c, width: lanes)
      }
      for g in 0..<groups {
        let variance = total(of: sums + g * width, count: width) * reciprocal
        kept[groups + g] = 1 / (variance + epsilon).squareRoot()
      }
      repeatPerChannel(sizes, to: scales) { kept[groups + $0] }
      columnBlocks(channels) { c, lanes in
        let mean = load(means + c)
        let factor: Lanes = load(scales + c) * load(gain + c, width: lanes)
        let offset = load(shift + c, width: lanes)
        var place = c
        for _ in 0..<positions {
          let z = multiplyAdd(load(sample + place, width: lanes) - mean, factor, offset)
          store(F.value(z), out + place, width: lanes)
          place += channels
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
    let (channels, positions, groups, width) = (
      sizes.channels, sizes.positions, sizes.groups, sizes.groupWidth
    )
    let reciprocal = sizes.reciprocal
    let means = scratch
    let scales = means + sizes.rowCount
    // Per channel Σ d·gain and Σ d·gain·h, then s·mean and s²·mean of them, per group and repeated.
    let first = scales + sizes.rowCount
    let second = first + sizes.rowCount
    let firstOfGroup = second + sizes.rowCount
    let secondOfGroup = firstOfGroup + sizes.rowCount
    for n in 0..<sizes.samples {
      let sample = x + n * positions * channels
      let gradient = dy + n * positions * channels
      let kept = statistics + n * 2 * groups
      repeatPerChannel(sizes, to: means) { kept[$0] }
      repeatPerChannel(sizes, to: scales) { kept[groups + $0] }
      columnBlocks(channels) { c, lanes in
        let mean = load(means + c)
        let scale = load(scales + c)
        let gain = load(gain + c, width: lanes)
        let shift = load(shift + c, width: lanes)
        var total = Lanes(repeating: 0)
        var projection = total
        var place = c
        for _ in 0..<positions {
          let h: Lanes = (load(sample + place, width: lanes) - mean) * scale
          let d = F.backward(multiplyAdd(h, gain, shift), load(gradient + place, width: lanes))
          if F.self != Identity.self { store(d, gradient + place, width: lanes) }
          total += d
          projection = multiplyAdd(d, h, projection)
          place += channels
        }
        if let gainGradient {
          store(load(gainGradient + c, width: lanes) + projection, gainGradient + c, width: lanes)
        }
        if let shiftGradient {
          store(load(shiftGradient + c, width: lanes) + total, shiftGradient + c, width: lanes)
        }
        store(total * gain, first + c, width: lanes)
        store(projection * gain, second + c, width: lanes)
      }
      guard let dx else { continue }
      let target = dx + n * positions * channels
      for g in 0..<groups {
        let scale = kept[groups + g]
        firstOfGroup[g] = total(of: first + g * width, count: width) * (scale * reciprocal)
        secondOfGroup[g] = total(of: second + g * width, count: width) * (scale * scale * reciprocal)
      }
      repeatPerChannel(sizes, to: first) { firstOfGroup[$0] }
      repeatPerChannel(sizes, to: second) { secondOfGroup[$0] }
      columnBlocks(channels) { c, lanes in
        let mean = load(means + c)
        let factor: Lanes = load(scales + c) * load(gain + c, width: lanes)
        let offset: Lanes = Lanes(repeating: 0) - load(first + c)
        let slope = load(second + c)
        var place = c
        for _ in 0..<positions {
          let centred: Lanes = mean - load(sample + place, width: lanes)
          let scaled = multiplyAdd(factor, load(gradient + place, width: lanes), offset)
          var d = multiplyAdd(centred, slope, scaled)
          if !assigning { d += load(target + place, width: lanes) }
          store(d, target + place, width: lanes)
          place += channels
        }
      }
    }
  }
}
