// Shapes that do not fit are a mistake in the code that builds a network, and whoever made it should read which
// ones: `precondition` stops release builds too, but without a word.

/// Stops the program with `message` where `condition` is false.
@inline(__always)
func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { fail(message(), file: file, line: line) }
}

@inline(never)
private func fail(_ message: String, file: StaticString, line: UInt) -> Never {
  fatalError(message, file: file, line: line)
}
