// What one core of this machine could do at most: yardsticks, measured in the same minute as the rest.

import CPlanarLanes
import Foundation
import PlanarNeuralNetworks

/// Upper bounds of one core, by short loops that do nothing else.
enum MachineLimits {
  /// Fused multiply-adds of sixteen floats in registers, in operations per second (a product and its sum are two).
  static func fusedMultiplyAdds(seconds: Double) -> Double {
    let rounds = 20_000
    let time = Timing(seconds: seconds) { keep(multiplyAddLoop(rounds: rounds)) }
    return Double(rounds * multiplyAddsPerRound * 16 * 2) / time.best
  }

  private static let multiplyAddsPerRound = 12

  @inline(never)
  private static func multiplyAddLoop(rounds: Int) -> Float {
    let factor = SIMD16<Float>(repeating: 0.999)
    let term = SIMD16<Float>(repeating: 0.001)
    var a = SIMD16<Float>(repeating: 1)
    var (b, c, d, e, f) = (a, a, a, a, a)
    var (g, h, i, j, k, l) = (a, a, a, a, a, a)
    // Each sum waits for the one before it; twelve at a time keep every unit busy.
    for _ in 0..<rounds {
      a = planar_lanes_multiply_add(a, factor, term)
      b = planar_lanes_multiply_add(b, factor, term)
      c = planar_lanes_multiply_add(c, factor, term)
      d = planar_lanes_multiply_add(d, factor, term)
      e = planar_lanes_multiply_add(e, factor, term)
      f = planar_lanes_multiply_add(f, factor, term)
      g = planar_lanes_multiply_add(g, factor, term)
      h = planar_lanes_multiply_add(h, factor, term)
      i = planar_lanes_multiply_add(i, factor, term)
      j = planar_lanes_multiply_add(j, factor, term)
      k = planar_lanes_multiply_add(k, factor, term)
      l = planar_lanes_multiply_add(l, factor, term)
    }
    let first: SIMD16<Float> = a + b + c + d
    let second: SIMD16<Float> = e + f + g + h
    let third: SIMD16<Float> = i + j + k + l
    return (first + second + third).sum()
  }

  /// Bytes read per second from a buffer of `bytes` that is read over and over: from the cache it fits in.
  static func reading(bytes: Int, seconds: Double) -> Double {
    let count = max(64, bytes / 4) / 64 * 64
    let buffer = FloatBuffer(count: count)
    let repetitions = max(1, 4_000_000 / count)
    let time = Timing(seconds: seconds) {
      buffer.withNumbers { numbers in
        for _ in 0..<repetitions { keep(sumLoop(UnsafeRawBufferPointer(numbers))) }
      }
    }
    return Double(count * 4 * repetitions) / time.best
  }

  @inline(never)
  private static func sumLoop(_ bytes: UnsafeRawBufferPointer) -> Float {
    var a = SIMD16<Float>(repeating: 0)
    var (b, c, d) = (a, a, a)
    let stride = MemoryLayout<SIMD16<Float>>.stride
    let start = bytes.baseAddress!
    for offset in Swift.stride(from: 0, to: bytes.count, by: 4 * stride) {
      a += start.load(fromByteOffset: offset, as: SIMD16<Float>.self)
      b += start.load(fromByteOffset: offset + stride, as: SIMD16<Float>.self)
      c += start.load(fromByteOffset: offset + 2 * stride, as: SIMD16<Float>.self)
      d += start.load(fromByteOffset: offset + 3 * stride, as: SIMD16<Float>.self)
    }
    return (a + b + c + d).sum()
  }

  /// The sizes of the products below: rows, inputs, outputs.
  private static let product = (rows: 1_024, inputs: 512, outputs: 512)
  private static var productOperations: Double {
    2 * Double(product.rows * product.inputs * product.outputs)
  }

  /// Our own largest matrix product, a linear layer's, in operations per second.
  static func linearLayer(seconds: Double) -> Double {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "layer", inputs: product.inputs, outputs: product.outputs, bias: false)
    let parameters = ParameterStore(layout: layout, seed: 1)
    let input = normalNumbers(product.rows * product.inputs, "product")
    let tape = Tape(recording: false)
    tape.begin(weights: parameters.values)
    let x = tape.input(Shape(product.rows, product.inputs), input)
    let mark = tape.mark
    let time = Timing(seconds: seconds) {
      tape.release(to: mark)
      _ = tape.linear(x, layer)
    }
    return productOperations / time.best
  }

  /// The same product by OpenBLAS, nil where it is not installed.
  static func openBLAS(seconds: Double) -> Double? {
    guard let multiply = openBLASProduct else { return nil }
    let (m, k, n) = (product.rows, product.inputs, product.outputs)
    let (a, b, c) = (FloatBuffer(count: m * k), FloatBuffer(count: n * k), FloatBuffer(count: m * n))
    a.fill(with: 0.5)
    b.fill(with: 0.25)
    let time = Timing(seconds: seconds) {
      a.withNumbers { a in
        b.withNumbers { b in
          c.withNumbers { c in
            // Row-major, a as it stands, b transposed, as in a linear layer.
            multiply(
              101, 111, 112, Int32(m), Int32(n), Int32(k), 1, a.baseAddress!, Int32(k),
              b.baseAddress!, Int32(k), 0, c.baseAddress!, Int32(n))
          }
        }
      }
    }
    return productOperations / time.best
  }

  private typealias Product =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
      UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void

  private static let openBLASProduct: Product? = {
    // OpenBLAS reads its core type when it is loaded, and takes its AVX2 kernels on newer AMD processors
    // although those for AVX-512 are faster. A user's own setting wins (the last argument of setenv).
    if let processor = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      processor.contains("avx512f")
    {
      setenv("OPENBLAS_CORETYPE", "SkylakeX", 0)
    }
    setenv("OPENBLAS_NUM_THREADS", "1", 0)
    for name in ["libopenblas.so.0", "libopenblas.so"] {
      guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, "cblas_sgemm")
      else { continue }
      return unsafeBitCast(symbol, to: Product.self)
    }
    return nil
  }()
}

/// Makes the compiler believe that a result is looked at.
@inline(never)
@_optimize(none)
private func keep(_ value: Float) { _ = value }
