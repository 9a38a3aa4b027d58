// The walk back: where gradients lie, whose they are, and when their storage is free again.

extension Tape {
  /// Adds the gradient of all losses recorded since `begin` to the gradient buffer given there.
  public func backward() {
    prepareGradients()
    runBackward()
  }

  /// The same for Σ `output`·`gradient` instead of a loss: a vector-Jacobian product.
  public func backward(from output: Tensor, gradient: [Float]) {
    require(
      output.needsGradient && gradient.count == output.count,
      "backward: \(gradient.count) numbers do not fit an output \(output.shape) that learns")
    prepareGradients()
    let target = zeroedAccumulator(of: output)!
    for i in gradient.indices { target[i] = gradient[i] }
    runBackward()
  }

  private func runBackward() {
    for i in records.indices.reversed() {
      backward(records[i])
      if let output = records[i].output { releaseGradient(of: output) }
    }
  }

  /// Storage for a gradient; no more than the values' is ever used.
  private func takeGradient(_ count: Int) -> Int {
    let rounded = (count + 15) / 16 * 16
    if let i = freeGradients.lastIndex(where: { $0.count == rounded }) {
      return freeGradients.remove(at: i).offset
    }
    defer { gradientsUsed += rounded }
    return gradientsUsed
  }

  /// An operation that has been walked back over was the only one to read its output's gradient.
  private func releaseGradient(of tensor: Tensor) {
    guard tensor.needsGradient else { return }
    let offset = gradientOffsets[Int(tensor.node)]
    guard offset >= 0 else { return }
    freeGradients.append(((tensor.count + 15) / 16 * 16, offset))
    gradientOffsets[Int(tensor.node)] = -1
  }

  private func prepareGradients() {
    require(isRecording, "this tape does not record")
    if gradientCapacity < used {
      UnsafeMutableRawPointer(gradients).deallocate()
      gradientCapacity = capacity
      gradients = Tape.allocate(gradientCapacity)
    }
    for i in gradientOffsets.indices { gradientOffsets[i] = -1 }
    gradientsUsed = 0
    freeGradients.removeAll(keepingCapacity: true)
  }

  private func backward(_ operation: Operation) {
    switch operation {
    case .linear(let operation): linearBackward(operation)
    case .embedding(let operation): embeddingBackward(operation)
    case .parameterRows(let operation): parameterRowsBackward(operation)
    case .rowNorm(let operation): rowNormBackward(operation)
    case .groupNorm(let operation): groupNormBackward(operation)
    case .attention(let operation): attentionBackward(operation)
    case .activation(let operation): activationBackward(operation)
    case .add(let a, let b, let output): addBackward(a, b, output)
    case .addBroadcast(let operation): addBroadcastBackward(operation)
    case .multiply(let a, let b, let output): multiplyBackward(a, b, output)
    case .modulate(let operation): modulateBackward(operation)
    case .concatenate(let operation): concatenateBackward(operation)
    case .slice(let operation): sliceBackward(operation)
    case .convolution(let operation): convolutionBackward(operation)
    case .transposedConvolution(let operation): transposedConvolutionBackward(operation)
    case .softmax(let operation): softmaxBackward(operation)
    case .rotary(let operation): rotaryBackward(operation)
    case .gatedProduct(let operation): gatedProductBackward(operation)
    case .dropout(let operation): dropoutBackward(operation)
    case .maxPool(let operation): maxPoolBackward(operation)
    case .averagePool(let operation): averagePoolBackward(operation)
    case .custom(let operation): customBackward(operation)
    case .loss(let operation): lossBackward(operation)
    case .crossEntropy(let operation): crossEntropyBackward(operation)
    }
  }

  /// The gradient that has reached a tensor, or nil.
  func gradient(of tensor: Tensor) -> UnsafeMutablePointer<Float>? {
    guard tensor.needsGradient else { return nil }
    let offset = gradientOffsets[Int(tensor.node)]
    return offset < 0 ? nil : gradients + offset
  }

  /// A gradient to add to, and whether it is fresh: then it must be assigned, not added to.
  func accumulator(of tensor: Tensor) -> (pointer: UnsafeMutablePointer<Float>, isFresh: Bool)? {
    guard tensor.needsGradient else { return nil }
    let offset = gradientOffsets[Int(tensor.node)]
    if offset >= 0 { return (gradients + offset, false) }
    let fresh = takeGradient(tensor.count)
    gradientOffsets[Int(tensor.node)] = fresh
    return (gradients + fresh, true)
  }

  /// A gradient to add to; a fresh one is set to zero.
  func zeroedAccumulator(of tensor: Tensor) -> UnsafeMutablePointer<Float>? {
    guard let (pointer, isFresh) = accumulator(of: tensor) else { return nil }
    if isFresh { pointer.update(repeating: 0, count: tensor.count) }
    return pointer
  }

  /// Adds the whole gradient of `output` to that of `tensor`. Where `tensor` has none yet it takes over
  /// the storage of `output`'s, which nobody needs any more; do so for one input of an operation only.
  func passOn(_ output: Tensor, to tensor: Tensor) {
    guard tensor.needsGradient, let source = gradient(of: output) else { return }
    if gradientOffsets[Int(tensor.node)] < 0 {
      gradientOffsets[Int(tensor.node)] = gradientOffsets[Int(output.node)]
      gradientOffsets[Int(output.node)] = -1
    } else {
      Kernels.add(source, into: gradients + gradientOffsets[Int(tensor.node)], count: tensor.count)
    }
  }

  /// Where an operation that reads each number of its output's gradient before it writes the same number of
  /// its input's puts the latter: over the former where the input has no gradient yet (`isFresh`: assign),
  /// else on top of what the input has. For one input of an operation only.
  func gradientInPlace(of output: Tensor, for input: Tensor) -> (
    pointer: UnsafeMutablePointer<Float>, isFresh: Bool
  )? {
    guard input.needsGradient else { return nil }
    let offset = gradientOffsets[Int(input.node)]
    if offset >= 0 { return (gradients + offset, false) }
    gradientOffsets[Int(input.node)] = gradientOffsets[Int(output.node)]
    gradientOffsets[Int(output.node)] = -1
    return (gradients + gradientOffsets[Int(input.node)], true)
  }

  /// Adds the whole gradient of `output` to that of `tensor`, never sharing storage.
  func copyGradient(_ output: Tensor, to tensor: Tensor) {
    guard let source = gradient(of: output), let (target, isFresh) = accumulator(of: tensor) else {
      return
    }
    if isFresh {
      target.update(from: source, count: tensor.count)
    } else {
      Kernels.add(source, into: target, count: tensor.count)
    }
  }
}
