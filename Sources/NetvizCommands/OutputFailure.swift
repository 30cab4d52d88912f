import JSONText

/// Finds why a result could not be written.
enum OutputFailure {
    /// The failure behind an error of a document writer; nil for any other error.
    static func cause(of error: any Error) -> NetvizError? {
        guard let error = error as? DocumentWriterError else { return nil }
        if case .sink(let cause) = error, let failure = cause as? NetvizError { return failure }
        return NetvizError(.output, "cannot write the result: \(error)")
    }
}
