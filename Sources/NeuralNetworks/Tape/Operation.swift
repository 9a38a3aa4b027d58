// What the tape remembers of each operation: plain values, so that recording one allocates nothing.

/// One recorded operation with all that its backward pass needs.
enum Operation {
  case linear(LinearOperation)
  case embedding(EmbeddingOperation)
  case parameterRows(ParameterRowsOperation)
  case rowNorm(RowNormOperation)
  case groupNorm(GroupNormOperation)
  case attention(AttentionOperation)
  case activation(ActivationOperation)
  case add(a: Tensor, b: Tensor, output: Tensor)
  case addBroadcast(BroadcastOperation)
  case multiply(a: Tensor, b: Tensor, output: Tensor)
  case modulate(ModulateOperation)
  case concatenate(ConcatenateOperation)
  case slice(SliceOperation)
  case convolution(ConvolutionOperation)
  case transposedConvolution(ConvolutionOperation)
  case softmax(SoftmaxOperation)
  case rotary(RotaryOperation)
  case gatedProduct(GatedProductOperation)
  case dropout(DropoutOperation)
  case maxPool(PoolingOperation)
  case averagePool(PoolingOperation)
  case custom(CustomRecord)
  case loss(LossOperation)
  case crossEntropy(CrossEntropyOperation)

  /// What the operation made; nil for a loss.
  var output: Tensor? {
    switch self {
    case .linear(let operation): operation.output
    case .embedding(let operation): operation.output
    case .parameterRows(let operation): operation.output
    case .rowNorm(let operation): operation.output
    case .groupNorm(let operation): operation.output
    case .attention(let operation): operation.output
    case .activation(let operation): operation.output
    case .add(_, _, let output): output
    case .addBroadcast(let operation): operation.output
    case .multiply(_, _, let output): output
    case .modulate(let operation): operation.output
    case .concatenate(let operation): operation.output
    case .slice(let operation): operation.output
    case .convolution(let operation), .transposedConvolution(let operation): operation.output
    case .softmax(let operation): operation.output
    case .rotary(let operation): operation.output
    case .gatedProduct(let operation): operation.output
    case .dropout(let operation): operation.output
    case .maxPool(let operation), .averagePool(let operation): operation.output
    case .custom(let operation): operation.output
    case .loss, .crossEntropy: nil
    }
  }
}
