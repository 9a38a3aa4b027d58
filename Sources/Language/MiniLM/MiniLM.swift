// all-MiniLM-L6-v2: a frozen sentence encoder.

import Foundation
import PlanarCore
import Synchronization

/// The sentence encoder all-MiniLM-L6-v2 (Wang et al. 2020, arXiv 2002.10957; sentence-transformers).
public final class MiniLM: Sendable {
  /// Features of an embedding.
  public static let width = 384

  static func shared(in folder: URL?) throws -> MiniLM {
    throw UserError("MiniLM's files are missing; run 'make minilm' in the project's folder")
  }

  public func embedding(of text: String) -> [Float] { [] }
}
