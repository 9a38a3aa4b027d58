// The version of the package.

/// What `planar --version` prints; CHANGELOG.md tells what each version brought.
public let planarVersion = "0.9.0"
