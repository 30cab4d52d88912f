import NetModel
import ProtobufReader

// A Pod's `spec` and `status` (core/v1).

private enum SpecField: UInt32 {
    case containers = 2
    case nodeName = 10
    case hostNetwork = 11
    case initContainers = 20
}

private enum ContainerField: UInt32 {
    case ports = 6
    case livenessProbe = 10
    case readinessProbe = 11
    case startupProbe = 22
}

private enum ContainerPortField: UInt32 {
    case name = 1
    case hostPort = 2
    case containerPort = 3
    case `protocol` = 4
    case hostIP = 5
}

private enum ProbeField: UInt32 {
    case handler = 1
}

private enum ProbeHandlerField: UInt32 {
    case httpGet = 2
    case tcpSocket = 3
    case grpc = 4
}

private enum HTTPGetField: UInt32 {
    case port = 2
    case host = 3
}

private enum TCPSocketField: UInt32 {
    case port = 1
    case host = 2
}

private enum GRPCField: UInt32 {
    case port = 1
}

/// `IntOrString` (k8s.io/apimachinery, util/intstr).
private enum IntOrStringField: UInt32 {
    case type = 1
    case intVal = 2
    case strVal = 3
}

private enum StatusField: UInt32 {
    case phase = 1
    case hostIP = 5
    case podIP = 6
    case startTime = 7
    case containerStatuses = 8
    case initContainerStatuses = 10
    case podIPs = 12
}

/// A message of which one field is looked at, the first in number: PodIP, and what else has an `ip` alone.
private enum SingleField: UInt32 {
    case value = 1
}

private enum ContainerStatusField: UInt32 {
    case state = 2
}

private enum ContainerStateField: UInt32 {
    case terminated = 3
}

private enum TerminatedField: UInt32 {
    case finishedAt = 6
}

extension DecodedObject {
    mutating func readPodSpec(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>,
        texts: inout TextCache
    ) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(SpecField.self, in: bytes) {
            switch name {
            case .nodeName: nodeName = try texts.text(field, in: bytes)
            case .hostNetwork: isHostNetwork = try field.boolean()
            case .containers: containers.append(try container(try field.message(of: fields), in: bytes))
            case .initContainers: initContainers.append(try container(try field.message(of: fields), in: bytes))
            }
        }
    }

    private mutating func container(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> Container {
        var container = Container()
        var fields = message
        while let (name, field) = try fields.next(ContainerField.self, in: bytes) {
            let content = try field.message(of: fields)
            switch name {
            case .ports: container.ports.append(try containerPort(content, in: bytes))
            case .livenessProbe, .readinessProbe, .startupProbe:
                if let probe = try probe(content, in: bytes) { container.probes.append(probe) }
            }
        }
        return container
    }

    private mutating func containerPort(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> Container.Port {
        var port = Container.Port()
        var fields = message
        while let (name, field) = try fields.next(ContainerPortField.self, in: bytes) {
            switch name {
            case .name: port.name = try field.string(in: bytes)
            case .containerPort: port.port = try self.port(field, named: "containerPort")
            case .protocol: port.transport = try Self.transport(field, in: bytes)
            case .hostPort: port.hostPort = try self.port(field, named: "hostPort")
            case .hostIP: port.hostAddress = try Self.address(field, in: bytes)
            }
        }
        return port
    }

    /// What a probe asks over the network; nil for a command.
    private mutating func probe(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> Container.Probe? {
        var probe: Container.Probe?
        var fields = message
        while let (_, handler) = try fields.next(ProbeField.self, in: bytes) {
            var handlers = try handler.message(of: fields)
            while let (name, field) = try handlers.next(ProbeHandlerField.self, in: bytes) {
                let content = try field.message(of: handlers)
                switch name {
                case .httpGet: probe = try httpGet(content, in: bytes)
                case .tcpSocket: probe = try tcpSocket(content, in: bytes)
                case .grpc: probe = try grpc(content, in: bytes)
                }
            }
        }
        return probe
    }

    private mutating func httpGet(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> Container.Probe {
        var probe = Container.Probe()
        var fields = message
        while let (name, field) = try fields.next(HTTPGetField.self, in: bytes) {
            switch name {
            case .port: probe.port = try portReference(try field.message(of: fields), in: bytes)
            case .host: probe.host = try Self.address(field, in: bytes)
            }
        }
        return probe
    }

    private mutating func tcpSocket(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> Container.Probe {
        var probe = Container.Probe()
        var fields = message
        while let (name, field) = try fields.next(TCPSocketField.self, in: bytes) {
            switch name {
            case .port: probe.port = try portReference(try field.message(of: fields), in: bytes)
            case .host: probe.host = try Self.address(field, in: bytes)
            }
        }
        return probe
    }

    private mutating func grpc(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> Container.Probe {
        var probe = Container.Probe()
        var fields = message
        while let (_, field) = try fields.next(GRPCField.self, in: bytes) {
            probe.port = try port(field, named: "port").map { .number($0) } ?? .none
        }
        return probe
    }

    private mutating func portReference(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> PortReference {
        var isName = false
        var number: UInt16?
        var name = ""
        var fields = message
        while let (field, value) = try fields.next(IntOrStringField.self, in: bytes) {
            switch field {
            case .type: isName = try value.integer() == 1
            case .intVal: number = try port(value, named: "port")
            case .strVal: name = try value.string(in: bytes)
            }
        }
        return isName ? .name(name) : number.map { .number($0) } ?? .none
    }

    // MARK: Status

    mutating func readPodStatus(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(StatusField.self, in: bytes) {
            switch name {
            case .phase: phase = try field.string(in: bytes)
            case .hostIP: hostAddress = try Self.address(field, in: bytes)
            case .podIP: podAddress = try Self.address(field, in: bytes)
            case .podIPs:
                if let address = try Self.singleAddress(try field.message(of: fields), in: bytes) {
                    podAddresses.append(address)
                }
            case .startTime: started = try Self.time(try field.message(of: fields), in: bytes)
            case .containerStatuses, .initContainerStatuses:
                try readContainerStatus(try field.message(of: fields), in: bytes)
            }
        }
    }

    /// The address that a message has as its first field: a PodIP's, or a LoadBalancerIngress's.
    static func singleAddress(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) -> IPAddress? {
        var address: IPAddress?
        var fields = message
        while let (_, field) = try fields.next(SingleField.self, in: bytes) {
            address = try Self.address(field, in: bytes)
        }
        return address
    }

    /// `state.terminated.finishedAt`, of which the latest counts.
    private mutating func readContainerStatus(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) {
        var status = message
        while let (_, state) = try status.next(ContainerStatusField.self, in: bytes) {
            var states = try state.message(of: status)
            while let (_, terminated) = try states.next(ContainerStateField.self, in: bytes) {
                var fields = try terminated.message(of: states)
                while let (_, field) = try fields.next(TerminatedField.self, in: bytes) {
                    guard let moment = try Self.time(try field.message(of: fields), in: bytes) else { continue }
                    lastFinished = max(lastFinished ?? moment, moment)
                }
            }
        }
    }
}
