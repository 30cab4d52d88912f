import JSONText
import TestSupport

/// How a value of a field is encoded, by the field's name in JSON.
indirect enum ProtobufSchema {
    case text, integer, boolean, time, intOrString, textMap
    case message([String: (UInt64, ProtobufSchema)])
}

/// Encodes Kubernetes objects that are given as JSON, as the API server would: for tests that have no recorded protobuf.
/// The numbers of fields are written down here once more, apart from those that the decoder has.
enum ProtobufEncoder {
    /// A list body, in its envelope.
    static func list(of kind: String, apiVersion: String, _ items: [JSONValue], resourceVersion: String) -> [UInt8] {
        let schema = schema(of: kind)
        var list = field(1, field(2, Array(resourceVersion.utf8)))
        for item in items { list += field(2, encode(item, schema)) }
        return envelope(kind: "\(kind)List", apiVersion: apiVersion, list)
    }

    static func envelope(kind: String, apiVersion: String, _ object: [UInt8]) -> [UInt8] {
        let typeMeta = field(1, Array(apiVersion.utf8)) + field(2, Array(kind.utf8))
        return [0x6B, 0x38, 0x73, 0x00] + field(1, typeMeta) + field(2, object) + field(3, []) + field(4, [])
    }

    /// An event of a watch, in its frame.
    static func event(_ type: String, kind: String, apiVersion: String, _ object: JSONValue) -> [UInt8] {
        let enveloped = envelope(kind: kind, apiVersion: apiVersion, encode(object, schema(of: kind)))
        return frame(field(1, Array(type.utf8)) + field(2, field(1, enveloped)))
    }

    static func frame(_ event: [UInt8]) -> [UInt8] {
        let length = UInt32(event.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + event
    }

    /// A field of bytes.
    static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }

    static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func encode(_ value: JSONValue, _ schema: ProtobufSchema) -> [UInt8] {
        guard case .message(let fields) = schema, let members = value.object else { return [] }
        var bytes: [UInt8] = []
        let known = members.compactMap { name, value in fields[name].map { (number: $0.0, schema: $0.1, value: value) }
        }
        for (number, schema, value) in known.sorted(by: { $0.number < $1.number }) {
            for element in value.array ?? [value] { bytes += encode(element, as: number, schema) }
        }
        return bytes
    }

    private static func encode(_ value: JSONValue, as number: UInt64, _ schema: ProtobufSchema) -> [UInt8] {
        switch schema {
        case .text: return field(number, Array((value.string ?? "").utf8))
        case .integer: return varint(number << 3) + varint(UInt64(bitPattern: Int64(value.integer ?? 0)))
        case .boolean: return varint(number << 3) + [value.bool == true ? 1 : 0]
        case .time:
            let nanoseconds = RFC3339.nanoseconds(value.string ?? "") ?? 0
            let seconds = UInt64(bitPattern: nanoseconds / 1_000_000_000)
            return field(number, varint(1 << 3) + varint(seconds) + varint(2 << 3) + [0])
        case .intOrString:
            let isText = value.string != nil
            let number32 = UInt64(bitPattern: Int64(value.integer ?? 0))
            return field(
                number,
                varint(1 << 3) + [isText ? 1 : 0] + varint(2 << 3) + varint(number32)
                    + field(3, Array((value.string ?? "").utf8)))
        case .textMap:
            return (value.object ?? [:]).sorted { $0.key < $1.key }.flatMap { key, value in
                field(number, field(1, Array(key.utf8)) + field(2, Array((value.string ?? "").utf8)))
            }
        case .message: return field(number, encode(value, schema))
        }
    }

    // MARK: Schemas

    private static let owner = ProtobufSchema.message([
        "kind": (1, .text), "name": (3, .text), "uid": (4, .text), "apiVersion": (5, .text),
        "controller": (6, .boolean), "blockOwnerDeletion": (7, .boolean),
    ])
    private static let metadata = ProtobufSchema.message([
        "name": (1, .text), "generateName": (2, .text), "namespace": (3, .text), "uid": (5, .text),
        "resourceVersion": (6, .text), "generation": (7, .integer), "creationTimestamp": (8, .time),
        "deletionTimestamp": (9, .time), "labels": (11, .textMap), "annotations": (12, .textMap),
        "ownerReferences": (13, owner),
    ])
    private static let containerPort = ProtobufSchema.message([
        "name": (1, .text), "hostPort": (2, .integer), "containerPort": (3, .integer), "protocol": (4, .text),
        "hostIP": (5, .text),
    ])
    private static let container = ProtobufSchema.message([
        "name": (1, .text), "image": (2, .text), "command": (3, .text), "args": (4, .text), "ports": (6, containerPort),
        "livenessProbe": (10, handler), "readinessProbe": (11, handler), "startupProbe": (22, handler),
    ])
    /// A probe's handler is a message of its own in protobuf, and not in JSON: `withHandlers` puts it there.
    private static let handler = ProtobufSchema.message([
        "handler": (
            1,
            .message([
                "httpGet": (
                    2,
                    .message(["path": (1, .text), "port": (2, .intOrString), "host": (3, .text), "scheme": (4, .text)])
                ),
                "tcpSocket": (3, .message(["port": (1, .intOrString), "host": (2, .text)])),
                "grpc": (4, .message(["port": (1, .integer), "service": (2, .text)])),
            ])
        ),
        "initialDelaySeconds": (2, .integer), "periodSeconds": (4, .integer),
    ])
    private static let containerStatus = ProtobufSchema.message([
        "name": (1, .text),
        "state": (2, .message(["terminated": (3, .message(["exitCode": (1, .integer), "finishedAt": (6, .time)]))])),
        "image": (6, .text), "containerID": (8, .text),
    ])
    private static let address = ProtobufSchema.message(["ip": (1, .text), "hostname": (2, .text)])
    private static let servicePort = ProtobufSchema.message([
        "name": (1, .text), "protocol": (2, .text), "port": (3, .integer), "targetPort": (4, .intOrString),
        "nodePort": (5, .integer),
    ])
    private static let condition = ProtobufSchema.message([
        "type": (1, .text), "status": (2, .text), "lastTransitionTime": (4, .time), "reason": (5, .text),
        "message": (6, .text),
    ])
    private static let reference = ProtobufSchema.message([
        "kind": (1, .text), "namespace": (2, .text), "name": (3, .text), "uid": (4, .text),
    ])

    private static let podSpec = ProtobufSchema.message([
        "containers": (2, container), "restartPolicy": (3, .text), "nodeName": (10, .text),
        "hostNetwork": (11, .boolean), "initContainers": (20, container),
    ])
    private static let podStatus = ProtobufSchema.message([
        "phase": (1, .text), "conditions": (2, condition), "hostIP": (5, .text), "podIP": (6, .text),
        "startTime": (7, .time), "containerStatuses": (8, containerStatus),
        "initContainerStatuses": (10, containerStatus), "podIPs": (12, address),
    ])
    private static let taint = ProtobufSchema.message(["key": (1, .text), "value": (2, .text), "effect": (3, .text)])
    private static let nodeSpec = ProtobufSchema.message([
        "podCIDR": (1, .text), "unschedulable": (4, .boolean), "taints": (5, taint), "podCIDRs": (7, .text),
    ])
    private static let nodeAddress = ProtobufSchema.message(["type": (1, .text), "address": (2, .text)])
    private static let daemonEndpoint = ProtobufSchema.message(["Port": (1, .integer)])
    private static let daemonEndpoints = ProtobufSchema.message(["kubeletEndpoint": (1, daemonEndpoint)])
    private static let nodeInfo = ProtobufSchema.message([
        "containerRuntimeVersion": (6, .text), "kubeletVersion": (7, .text), "operatingSystem": (9, .text),
        "architecture": (10, .text),
    ])
    private static let image = ProtobufSchema.message(["names": (1, .text), "sizeBytes": (2, .integer)])
    private static let nodeStatus = ProtobufSchema.message([
        "conditions": (4, condition), "addresses": (5, nodeAddress), "daemonEndpoints": (6, daemonEndpoints),
        "nodeInfo": (7, nodeInfo), "images": (8, image), "declaredFeatures": (14, .text),
    ])
    private static let serviceSpec = ProtobufSchema.message([
        "ports": (1, servicePort), "selector": (2, .textMap), "clusterIP": (3, .text), "type": (4, .text),
        "externalIPs": (5, .text), "clusterIPs": (18, .text),
    ])
    private static let loadBalancer = ProtobufSchema.message(["ingress": (1, address)])
    private static let serviceStatus = ProtobufSchema.message(["loadBalancer": (1, loadBalancer)])
    private static let endpoint = ProtobufSchema.message([
        "addresses": (1, .text), "targetRef": (4, reference), "nodeName": (6, .text),
    ])
    private static let endpointPort = ProtobufSchema.message([
        "name": (1, .text), "protocol": (2, .text), "port": (3, .integer),
    ])

    private static func schema(of kind: String) -> ProtobufSchema {
        var fields: [String: (UInt64, ProtobufSchema)] = ["metadata": (1, metadata)]
        switch kind {
        case "Pod": (fields["spec"], fields["status"]) = ((2, podSpec), (3, podStatus))
        case "Node": (fields["spec"], fields["status"]) = ((2, nodeSpec), (3, nodeStatus))
        case "Service": (fields["spec"], fields["status"]) = ((2, serviceSpec), (3, serviceStatus))
        case "EndpointSlice": (fields["endpoints"], fields["ports"]) = ((2, endpoint), (3, endpointPort))
        default: break
        }
        return .message(fields)
    }

    // MARK: Probes

    /// The same object with the handlers of its containers' probes where protobuf has them.
    static func withHandlers(_ pod: JSONValue) -> JSONValue {
        map(pod, "spec") { spec in
            ["containers", "initContainers"].reduce(spec) { spec, list in
                map(spec, list) { containers in
                    .array(
                        (containers.array ?? []).map { container in
                            ["livenessProbe", "readinessProbe", "startupProbe"].reduce(container) { container, name in
                                map(container, name) { probe in
                                    guard var members = probe.object else { return probe }
                                    let names = ["httpGet", "tcpSocket", "grpc"]
                                    members["handler"] = .object(members.filter { names.contains($0.key) })
                                    return .object(members)
                                }
                            }
                        })
                }
            }
        }
    }

    private static func map(
        _ value: JSONValue,
        _ name: String,
        _ change: (JSONValue) -> JSONValue
    ) -> JSONValue {
        guard var members = value.object, let member = members[name] else { return value }
        members[name] = change(member)
        return .object(members)
    }
}
