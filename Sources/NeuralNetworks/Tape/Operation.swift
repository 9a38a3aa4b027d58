// What the tape remembers of each operation: plain values, so that recording one allocates nothing.

/// One recorded operation with all that its backward pass needs.
enum Operation {
  case linear(LinearOperation)
  case embedding(EmbeddingOperation)
  case parameterRows(ParameterRowsOperation)
  case layerNorm(LayerNormOperation)
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
  case loss(LossOperation)
}
