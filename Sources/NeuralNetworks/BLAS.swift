// Single-precision matrix products: OpenBLAS, loaded while the program runs so that its kernels can be
// chosen first. OpenBLAS reads its core type when it is loaded, and on newer AMD processors it picks
// AVX2 kernels although the AVX-512 ones run twice as fast.

import Foundation

/// `C ← α·op(A)·op(B) + β·C` and its vector form, row-major, on the calling thread.
enum BLAS {
  private typealias Gemm =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
      UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void
  private typealias Gemv =
    @convention(c) (
      Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32,
      Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void

  private struct Library: Sendable {
    let gemm: Gemm
    let gemv: Gemv
  }

  private static let library: Library? = load()

  /// Whether OpenBLAS was found; without it products run in plain loops, many times slower.
  static var isOpenBLAS: Bool { library != nil }

  private static func load() -> Library? {
    // A user's own setting always wins (the last argument of setenv).
    if let info = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      info.contains("avx512f")
    {
      setenv("OPENBLAS_CORETYPE", "SkylakeX", 0)
    }
    setenv("OPENBLAS_NUM_THREADS", "1", 0)
    for name in ["libopenblas.so.0", "libopenblas.so"] {
      guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL),
        let gemm = dlsym(handle, "cblas_sgemm"), let gemv = dlsym(handle, "cblas_sgemv")
      else { continue }
      if let setThreads = dlsym(handle, "openblas_set_num_threads") {
        unsafeBitCast(setThreads, to: (@convention(c) (Int32) -> Void).self)(1)
      }
      return Library(
        gemm: unsafeBitCast(gemm, to: Gemm.self), gemv: unsafeBitCast(gemv, to: Gemv.self))
    }
    return nil
  }

  /// `c[m, n] ← op(a)·op(b) + beta·c`, where `op(a)` is `[m, k]` and `op(b)` is `[k, n]`.
  ///
  /// - Parameters:
  ///   - transposeA: `a` is stored `[k, m]`.
  ///   - transposeB: `b` is stored `[n, k]`.
  static func multiply(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, transposeA: Bool = false,
    _ b: UnsafePointer<Float>, transposeB: Bool = false, beta: Float,
    into c: UnsafeMutablePointer<Float>
  ) {
    guard let library else {
      multiplyPlainly(
        m: m, n: n, k: k, a, transposeA: transposeA, b, transposeB: transposeB, beta: beta, into: c)
      return
    }
    let rowMajor: Int32 = 101
    let plain: Int32 = 111
    let transposed: Int32 = 112
    if m == 1 {
      // One row: c = op(b)ᵀ·a.
      library.gemv(
        rowMajor, transposeB ? plain : transposed, Int32(transposeB ? n : k),
        Int32(transposeB ? k : n), 1, b, Int32(transposeB ? k : n), a, 1, beta, c, 1)
      return
    }
    library.gemm(
      rowMajor, transposeA ? transposed : plain, transposeB ? transposed : plain, Int32(m), Int32(n),
      Int32(k), 1, a, Int32(transposeA ? m : k), b, Int32(transposeB ? k : n), beta, c, Int32(n))
  }

  /// The same product in plain loops, for machines without OpenBLAS.
  static func multiplyPlainly(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, transposeA: Bool, _ b: UnsafePointer<Float>,
    transposeB: Bool, beta: Float, into c: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<m {
      let row = c + i * n
      for j in 0..<n { row[j] = beta == 0 ? 0 : beta * row[j] }
      for p in 0..<k {
        let factor = transposeA ? a[p * m + i] : a[i * k + p]
        if transposeB {
          for j in 0..<n { row[j] += factor * b[j * k + p] }
        } else {
          for j in 0..<n { row[j] += factor * b[p * n + j] }
        }
      }
    }
  }
}

/// What multiplies matrices here, for run logs: `OpenBLAS` or `plain loops (install libopenblas0)`.
public func matrixProductLibrary() -> String {
  BLAS.isOpenBLAS ? "OpenBLAS" : "plain loops (install libopenblas0)"
}
