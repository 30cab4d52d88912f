import Testing

/// All that happens on the one cluster, one test after another.
@Suite("The real cluster", .serialized)
enum RealCluster {}
