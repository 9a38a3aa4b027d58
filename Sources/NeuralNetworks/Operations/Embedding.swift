// Learned vectors: looked up by index, or used as they stand.

/// A table of learned vectors.
public struct Embedding: Sendable {
  /// `[entries, width]`.
  public let table: Parameter

  /// Registers `name.weight`, normal with the given deviation.
  public init(
    _ layout: inout ParameterLayout, _ name: String, entries: Int, width: Int,
    deviation: Float = 0.02
  ) {
    table = layout.add(name + ".weight", [entries, width], .normal(deviation: deviation))
  }
}

struct EmbeddingOperation {
  let table: Parameter
  /// The indices, as bit patterns in the arena.
  let indices: Tensor
  let output: Tensor
}

struct ParameterRowsOperation {
  let table: Parameter
  let repetitions: Int
  let output: Tensor
}

extension Tape {
  /// Looks up `indices` (row-major, `rows × columns` of them) → `[rows, columns, width]`.
  ///
  /// Indices outside the table are a programmer error.
  public func embed(
    _ indices: UnsafeBufferPointer<Int32>, rows: Int, columns: Int, _ embedding: Embedding
  ) -> Tensor {
    embed(count: indices.count, rows: rows, columns: columns, embedding) { indices[$0] }
  }

  /// Looks up indices that are written as floats, among other numbers of an example → `[rows, columns, width]`.
  ///
  /// Indices outside the table, and fractions, are a programmer error.
  public func embed(
    _ indices: UnsafeBufferPointer<Float>, rows: Int, columns: Int, _ embedding: Embedding
  ) -> Tensor {
    embed(count: indices.count, rows: rows, columns: columns, embedding) { Int32(exactly: indices[$0]) ?? -1 }
  }

  @inline(__always)
  private func embed(
    count: Int, rows: Int, columns: Int, _ embedding: Embedding, index: (Int) -> Int32
  ) -> Tensor {
    let table = embedding.table
    let width = table.shape[1]
    require(
      count == rows * columns, "embed '\(table.name)': \(count) indices are not [\(rows), \(columns)]")
    let kept = input(Shape(rows, columns)) { target in
      for i in 0..<count {
        let index = index(i)
        require(
          index >= 0 && Int(index) < table.shape[0],
          "embed '\(table.name)': index \(index) is outside 0 ..< \(table.shape[0])")
        target[i] = Float(bitPattern: UInt32(bitPattern: index))
      }
    }
    let output = make(Shape(rows, columns, width), needsGradient: true)
    let source = weights(table)
    let (indices, target) = (pointer(kept), pointer(output))
    for i in 0..<count {
      (target + i * width).update(from: source + Int(indices[i].bitPattern) * width, count: width)
    }
    record(.embedding(EmbeddingOperation(table: table, indices: kept, output: output)))
    return output
  }

  func embeddingBackward(_ operation: EmbeddingOperation) {
    guard let gradient = gradient(of: operation.output),
      let target = weightGradient(operation.table)
    else { return }
    let width = operation.table.shape[1]
    let indices = pointer(operation.indices)
    for i in 0..<operation.indices.count {
      let index = Int(indices[i].bitPattern)
      Kernels.add(gradient + i * width, into: target + index * width, count: width)
    }
  }

  /// The whole table `[entries, width]`, repeated for each of `batch` rows → `[batch, entries, width]`:
  /// learned queries, type embeddings.
  public func rows(of embedding: Embedding, batch: Int) -> Tensor {
    let table = embedding.table
    let output = make(Shape(batch, table.shape[0], table.shape[1]), needsGradient: true)
    Kernels.repeatRow(weights(table), rows: batch, columns: table.count, to: pointer(output))
    record(
      .parameterRows(ParameterRowsOperation(table: table, repetitions: batch, output: output)))
    return output
  }

  func parameterRowsBackward(_ operation: ParameterRowsOperation) {
    guard let gradient = gradient(of: operation.output),
      let target = weightGradient(operation.table)
    else { return }
    Kernels.addColumnSums(
      gradient, rows: operation.repetitions, columns: operation.table.count, into: target)
  }
}
