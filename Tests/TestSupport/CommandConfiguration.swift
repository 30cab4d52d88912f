import Subprocess

/// What swift-subprocess needs to start a command as the leader of a session of its own, whose process group is
/// killed when the task is cancelled.
func commandConfiguration(
    _ executable: String,
    _ arguments: [String],
    _ environment: CommandEnvironment,
    _ workingDirectory: String?
) -> Configuration {
    var options = PlatformOptions()
    options.createSession = true
    // The kill that ends every teardown goes to the group only if the last step did.
    options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
    return Configuration(
        executable: executable.utf8.contains(UInt8(ascii: "/")) ? .path(literal(executable)) : .name(executable),
        arguments: Arguments(arguments),
        environment: Environment(environment),
        workingDirectory: workingDirectory.map { literal($0) },
        platformOptions: options
    )
}

/// A value of a type known to us only by its string literals: swift-subprocess takes paths as `FilePath` of
/// swift-system, a package this one does not depend on by itself.
private func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
where Value.StringLiteralType == String {
    Value(stringLiteral: text)
}

extension Environment {
    init(_ environment: CommandEnvironment) {
        switch environment {
        case .inherited(let changes):
            self = .inherit.updating(Self.keyed(changes))
        case .only(let variables):
            self = .custom(Self.keyed(variables))
        }
    }

    private static func keyed<Value>(_ variables: [String: Value]) -> [Key: Value] {
        var keyed: [Key: Value] = [:]
        for (name, value) in variables {
            keyed[Key(stringLiteral: name)] = value
        }
        return keyed
    }
}

extension CommandStatus {
    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code)
        case .signaled(let signal): self = .signaled(signal)
        }
    }
}
