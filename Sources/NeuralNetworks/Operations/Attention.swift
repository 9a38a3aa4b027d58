// Scaled dot-product attention over a handful of tokens (Vaswani et al. 2017), without its projections.

/// Where one of queries, keys and values lies: rows of `stride` numbers, the first at `offset` of its tensor.
struct AttentionPart {
  let tensor: Tensor
  let offset: Int
  let stride: Int
}

struct AttentionOperation {
  let sizes: AttentionSizes
  let queries: AttentionPart
  let keys: AttentionPart
  let values: AttentionPart
  /// `[batch, heads, Lq, keys rounded up to 16]`.
  let probabilities: Tensor
  let output: Tensor
}

extension Tape {
  /// softmax(q·kᵀ / √(D/heads))·v per head → `[batch, Lq, D]`.
  ///
  /// - Parameters:
  ///   - queries: `[batch, Lq, D]`; head h has columns h·D/heads ….
  ///   - keysValues: `[batch, Lk, 2·D]`: the keys' columns, then the values'.
  ///   - keyMask: `[batch, Lk]`, 1 where a key may be attended to, 0 where it is padding. A query that
  ///     may attend to nothing gets zeros.
  ///   - causal: query i attends to keys 0 … i only.
  public func attention(
    queries: Tensor, keysValues: Tensor, heads: Int, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    let q = queries.shape
    let kv = keysValues.shape
    require(
      q.rank == 3 && kv.rank == 3 && q[0] == kv[0] && 2 * q[2] == kv[2] && q[2] % heads == 0,
      "attention: queries \(q) and keys-values \(kv) do not fit \(heads) heads")
    let width = q[2]
    return attention(
      AttentionSizes(batch: q[0], queries: q[1], keys: kv[1], width: width, heads: heads),
      AttentionPart(tensor: queries, offset: 0, stride: width),
      AttentionPart(tensor: keysValues, offset: 0, stride: 2 * width),
      AttentionPart(tensor: keysValues, offset: width, stride: 2 * width), keyMask, causal)
  }

  /// Self-attention on queries, keys and values side by side: `[batch, L, 3·D]` → `[batch, L, D]`.
  public func attention(
    queriesKeysValues packed: Tensor, heads: Int, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    let shape = packed.shape
    require(
      shape.rank == 3 && shape[2] % (3 * heads) == 0,
      "attention: queries, keys and values \(shape) do not fit \(heads) heads")
    let width = shape[2] / 3
    let part = { (i: Int) in AttentionPart(tensor: packed, offset: i * width, stride: 3 * width) }
    return attention(
      AttentionSizes(batch: shape[0], queries: shape[1], keys: shape[1], width: width, heads: heads),
      part(0), part(1), part(2), keyMask, causal)
  }

  private func attention(
    _ sizes: AttentionSizes, _ queries: AttentionPart, _ keys: AttentionPart, _ values: AttentionPart,
    _ keyMask: Tensor?, _ causal: Bool
  ) -> Tensor {
    require(
      keyMask == nil || keyMask!.shape == Shape(sizes.batch, sizes.keys),
      "attention: key mask \(keyMask?.shape.description ?? "") is not [\(sizes.batch), \(sizes.keys)]")
    let probabilities = make(
      Shape(sizes.batch, sizes.heads, sizes.queries, sizes.paddedKeys), needsGradient: false)
    let output = make(
      Shape(sizes.batch, sizes.queries, sizes.width),
      needsGradient: queries.tensor.needsGradient || keys.tensor.needsGradient)
    Kernels.attention(
      sizes, queries: strided(queries), keys: strided(keys), values: strided(values),
      mask: keyMask.map { UnsafePointer(pointer($0)) }, causal: causal,
      scratch: scratch(sizes.scratchCount), probabilities: pointer(probabilities), to: pointer(output))
    record(
      .attention(
        AttentionOperation(
          sizes: sizes, queries: queries, keys: keys, values: values, probabilities: probabilities,
          output: output)))
    return output
  }

  private func strided(_ part: AttentionPart) -> StridedRows {
    StridedRows(first: pointer(part.tensor) + part.offset, stride: part.stride)
  }

  /// The softmax's results `[batch, heads, Lq, Lk]` of an attention on this recording tape, by its output.
  public func attentionProbabilities(of output: Tensor) -> [Float] {
    for record in records {
      guard case .attention(let operation) = record, operation.output.offset == output.offset else { continue }
      let (keys, padded) = (operation.sizes.keys, operation.sizes.paddedKeys)
      let all = array(operation.probabilities)
      return all.indices.filter { $0 % padded < keys }.map { all[$0] }
    }
    fatalError("attentionProbabilities: \(output.shape) is not the output of an attention on this tape")
  }

  /// The softmax's results of every attention on this recording tape, in their order: each `[batch, heads, Lq, Lk]`.
  public var attentionProbabilities: [(shape: Shape, values: [Float])] {
    records.compactMap { record in
      guard case .attention(let operation) = record else { return nil }
      let sizes = operation.sizes
      let all = array(operation.probabilities)
      return (
        Shape(sizes.batch, sizes.heads, sizes.queries, sizes.keys),
        all.indices.filter { $0 % sizes.paddedKeys < sizes.keys }.map { all[$0] }
      )
    }
  }

  func attentionBackward(_ operation: AttentionOperation) {
    guard let gradient = gradient(of: operation.output) else { return }
    let (sizes, queries, keys) = (operation.sizes, operation.queries, operation.keys)
    // Every number of a fresh gradient is assigned: the parts of a tensor cover it.
    let isPacked = queries.stride == 3 * sizes.width
    if !isPacked, queries.tensor.node == keys.tensor.node {
      // One tensor in two shapes: each part covers all of it, so both are added.
      _ = zeroedAccumulator(of: queries.tensor)
    }
    let toQueries = accumulator(of: queries.tensor)
    let toKeys = isPacked ? toQueries : accumulator(of: keys.tensor)
    Kernels.attentionBackward(
      sizes, queries: strided(queries), keys: strided(keys), values: strided(operation.values),
      probabilities: pointer(operation.probabilities), gradient, scratch: scratch(sizes.scratchCount),
      queryGradient: toQueries.map { ($0.pointer + queries.offset, !$0.isFresh) },
      keyGradient: toKeys.map { ($0.pointer + keys.offset, !$0.isFresh) },
      valueGradient: toKeys.map { ($0.pointer + operation.values.offset, !$0.isFresh) })
  }
}
