import JSONText

/// Fields that are left out when there is nothing to say.
extension DocumentWriter where Self: ~Copyable {
    mutating func field(_ key: String, _ value: String?) throws(DocumentWriterError) {
        guard let value else { return }
        try self.key(key)
        try string(value)
    }

    mutating func field(_ key: String, _ value: (some FixedWidthInteger & UnsignedInteger)?) throws(DocumentWriterError)
    {
        guard let value else { return }
        try self.key(key)
        try integer(UInt64(value))
    }

    mutating func field(_ key: String, _ value: Int?) throws(DocumentWriterError) {
        guard let value else { return }
        try self.key(key)
        try integer(value)
    }

    /// Rounded to a thousandth: beyond that a rate is noise.
    mutating func field(_ key: String, _ value: Double?) throws(DocumentWriterError) {
        guard let value else { return }
        try self.key(key)
        try double((value * 1000).rounded() / 1000)
    }

    mutating func field(_ key: String, _ value: Bool?) throws(DocumentWriterError) {
        guard let value else { return }
        try self.key(key)
        try boolean(value)
    }

    mutating func field(_ key: String, _ values: [String]) throws(DocumentWriterError) {
        try self.key(key)
        try beginArray()
        for value in values { try string(value) }
        try endArray()
    }
}
