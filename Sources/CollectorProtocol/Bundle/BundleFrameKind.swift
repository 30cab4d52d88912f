/// The kinds of frames that only bundles have. The raw values are in files and never change.
enum BundleFrameKind: UInt8, CaseIterable, Sendable {
    case bundle = 64
    case source = 65
    case turn = 66
    case offset = 67
    case rulesText = 68
    case sourceEnd = 69
    case inventory = 70
    case warning = 71
    case bundleEnd = 72
}
