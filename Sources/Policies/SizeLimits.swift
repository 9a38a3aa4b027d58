// How large the parts of a network may be: looked at where recipes and checkpoints are read, before anything is built.

import PlanarCore

extension ContextTrunk.Configuration: Limited {
  /// Every size's.
  public static var limits: [NumberLimit<ContextTrunk.Configuration>] {
    [
      NumberLimit("width", 8...4_096) { $0.width }, NumberLimit("heads", 1...4_096) { $0.heads },
      NumberLimit("layers", 1...64) { $0.layers }, NumberLimit("feedForward", 1...16) { $0.feedForward },
    ]
  }
}

extension MLPDecoder.Configuration: Limited {
  /// Every size's.
  public static var limits: [NumberLimit<MLPDecoder.Configuration>] {
    [
      NumberLimit("width", 8...8_192) { $0.width }, NumberLimit("blocks", 1...64) { $0.blocks },
      NumberLimit("hidden", 1...16) { $0.hidden }, NumberLimit("conditionWidth", 8...8_192) { $0.conditionWidth },
      NumberLimit("timeWidth", 4...4_096) { $0.timeWidth },
    ]
  }
}

extension TransformerDecoder.Configuration: Limited {
  /// Every size's.
  public static var limits: [NumberLimit<TransformerDecoder.Configuration>] {
    [
      NumberLimit("width", 8...8_192) { $0.width }, NumberLimit("heads", 1...64) { $0.heads },
      NumberLimit("layers", 1...64) { $0.layers }, NumberLimit("feedForward", 1...16) { $0.feedForward },
      NumberLimit("timeWidth", 4...4_096) { $0.timeWidth },
    ]
  }
}

extension UNetDecoder.Configuration: Limited {
  /// Every size's; levels are looked at as a whole.
  public static var limits: [NumberLimit<UNetDecoder.Configuration>] {
    [
      NumberLimit("kernel", 1...15) { $0.kernel }, NumberLimit("groups", 1...256) { $0.groups },
      NumberLimit("timeWidth", 4...4_096) { $0.timeWidth },
      NumberLimit("conditionWidth", 8...8_192) { $0.conditionWidth },
    ]
  }
}

extension DecoderSizes: Limited {
  /// Every size's.
  public static var limits: [NumberLimit<DecoderSizes>] {
    [
      NumberLimit("width", 8...4_096) { $0.width }, NumberLimit("heads", 1...64) { $0.heads },
      NumberLimit("layers", 1...64) { $0.layers }, NumberLimit("feedForward", 1...16) { $0.feedForward },
    ]
  }
}
