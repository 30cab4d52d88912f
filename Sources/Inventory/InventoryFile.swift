import JSONText

/// One file being read.
struct InventoryFile {
    let name: String
    private(set) var problems: [InventoryProblem] = []
    /// Objects of the file that were usable.
    private var used = 0
    private var documents = 0
    /// Kinds that are not used, and how many objects had them.
    private var skipped: [String: Int] = [:]
    private var hasList = false
    /// Objects that could not be used.
    private var rejected = 0
    /// Objects that had been read before.
    private var duplicates = 0

    init(name: String) {
        self.name = name
    }

    /// Reads what comes next of the file; `conclude` follows the last.
    mutating func read(_ reader: consuming JSONReader, into objects: inout InventoryObjects) {
        let before = objects.duplicates
        var decoder = ObjectDecoder(reader: reader)
        do throws(JSONError) {
            try readDocuments(&decoder, into: &objects)
        } catch {
            add(.warning, line: error.line, offset: error.offset, message(for: error))
        }
        duplicates += objects.duplicates - before
    }

    private mutating func readDocuments(
        _ decoder: inout ObjectDecoder,
        into objects: inout InventoryObjects
    ) throws(JSONError) {
        while try decoder.reader.nextDocument() {
            documents += 1
            let kind = InputKind(try decoder.reader.preview(64))
            guard kind == .object else {
                add(.warning, line: decoder.reader.line, offset: decoder.reader.offset, "\(kind.phrase), not an object")
                // Another JSON value can be passed over; anything else has no end to be found.
                guard kind == .array || kind == .scalar else { return }
                try decoder.skip()
                continue
            }
            try readDocument(&decoder, into: &objects)
        }
    }

    /// Reads one object or list. What came before an error is kept.
    private mutating func readDocument(
        _ decoder: inout ObjectDecoder,
        into objects: inout InventoryObjects
    ) throws(JSONError) {
        decoder.beginFaults()
        var document = DecodedObject()
        var failure: JSONError?
        do throws(JSONError) {
            try document.read(&decoder) {
                (decoder: inout ObjectDecoder, list: inout DecodedObject) throws(JSONError) in
                decoder.beginFaults()
                var item = DecodedObject()
                try item.read(&decoder) { (decoder: inout ObjectDecoder, _) throws(JSONError) in try decoder.skip() }
                item.fault = decoder.fault
                decoder.beginFaults()
                let listKind = Self.itemKind(ofList: list.kind)
                if item.kind == nil, listKind == nil {
                    list.pendingItems.append(item)
                } else {
                    take(item, listKind: listKind, apiVersion: list.apiVersion, into: &objects)
                }
            }
        } catch {
            failure = error
        }
        for item in document.pendingItems {
            let kind = Self.itemKind(ofList: document.kind) ?? (failure == nil ? nil : item.kindByFields)
            take(item, listKind: kind, apiVersion: document.apiVersion, into: &objects)
        }
        if let failure { throw failure }
        if document.isList {
            hasList = true
        } else {
            document.fault = decoder.fault
            take(document, listKind: nil, apiVersion: nil, into: &objects)
        }
    }

    /// "Pod" for "PodList"; nil for "List", whose items say their kinds themselves.
    private static func itemKind(ofList kind: String?) -> String? {
        guard let kind, kind.hasSuffix("List"), kind != "List" else { return nil }
        return String(kind.dropLast(4))
    }

    private mutating func take(
        _ object: DecodedObject,
        listKind: String?,
        apiVersion: String?,
        into objects: inout InventoryObjects
    ) {
        guard let kindName = object.kind ?? listKind else {
            skipped["", default: 0] += 1
            return
        }
        // The list's version is that of its items only when it is a list of their kind.
        let version = object.apiVersion ?? (object.kind == nil ? apiVersion : nil)
        guard let kind = ObjectKind(kind: kindName, apiVersion: version) else {
            let isNamesake = ObjectKind(rawValue: kindName) != nil
            skipped[isNamesake ? "\(kindName) (\(version ?? ""))" : kindName, default: 0] += 1
            return
        }
        if let fault = object.fault {
            let what = object.name.isEmpty ? "a \(kindName)" : "\(kindName) \(object.fullName)"
            reject(line: fault.line, offset: fault.offset, "\(what) is not used: \(fault.message)")
            return
        }
        guard !object.name.isEmpty else {
            reject(line: object.line, offset: object.offset, "a \(kindName) without a name is not used")
            return
        }
        if let excess = object.excess {
            reject(line: object.line, offset: object.offset, "\(kindName) \(object.fullName) is not used: \(excess)")
            return
        }
        used += 1
        objects.add(
            object.object(as: kind),
            kind: kind,
            namespace: object.namespace,
            name: object.name,
            resourceVersion: object.version
        )
    }

    // MARK: Problems

    /// How many objects that cannot be used are named one by one.
    private static let maximumRejections = 20

    private mutating func reject(line: Int, offset: Int, _ message: String) {
        rejected += 1
        if rejected <= Self.maximumRejections { add(.warning, line: line, offset: offset, message) }
    }

    private func message(for error: JSONError) -> String {
        switch error.reason {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .unexpectedEnd: "cut off, \(error.reason); \(remark)"
        default: "not JSON from here on, \(error.reason); \(remark)"
        }
    }

    private var remark: String { used == 0 ? "nothing before it is usable" : "what came before is used" }

    /// Sums up: what was skipped, and whether anything was of use.
    mutating func conclude() {
        if documents == 0, problems.isEmpty { add(.error, "empty; expected \(InventoryReader.expected)") }
        if rejected > Self.maximumRejections {
            add(.warning, "\(rejected - Self.maximumRejections) more objects are not used")
        }
        let kinds = skipped.sorted { $0.key < $1.key }
        if used == 0, documents > 0, !(hasList && kinds.isEmpty && problems.isEmpty) {
            let found = kinds.map { $0.key.isEmpty ? "\($0.value) without a kind" : "\($0.value) of kind \($0.key)" }
            let what = found.isEmpty ? "" : ": " + found.joined(separator: ", ")
            problems = problems.map { $0.severity == .warning ? $0.asError : $0 }
            add(.error, "nothing in it is usable\(what); expected \(InventoryReader.expected)")
            return
        }
        if used == 0, documents > 0, problems.isEmpty { add(.note, "a list without objects") }
        for (kind, count) in kinds {
            let what = kind.isEmpty ? "without a kind" : "of kind \(kind)"
            add(.note, "\(count) \(count == 1 ? "object" : "objects") \(what) not used")
        }
        if duplicates > 0 {
            let what = duplicates == 1 ? "1 object" : "\(duplicates) objects"
            add(.note, "\(what) had been read before; the newest resourceVersion of each is used")
        }
    }

    private mutating func add(
        _ severity: InventoryProblem.Severity,
        line: Int? = nil,
        offset: Int? = nil,
        _ message: String
    ) {
        problems.append(
            InventoryProblem(
                severity: severity,
                file: name,
                line: line,
                offset: offset,
                message: Self.printable(message)
            )
        )
    }

    /// Names come from the file: control characters must not reach a terminal, nor a megabyte a message.
    static func printable(_ text: String) -> String {
        var printable = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < 1000 else { return printable + "…" }
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: printable += scalar.escaped(asASCII: true)
            default: printable.unicodeScalars.append(scalar)
            }
        }
        return printable
    }
}

extension InventoryProblem {
    fileprivate var asError: InventoryProblem {
        InventoryProblem(severity: .error, file: file, line: line, offset: offset, message: message)
    }
}
