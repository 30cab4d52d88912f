import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("Whether a pair was active within the window")
struct MetricActivityTests {
    private static let tcp = "tcp 10.0.0.1:5000 > 10.0.0.2:80"
    private static let udp = "udp 10.0.0.1:5000 > 10.0.0.2:53"

    private func metrics(_ notations: [String], seconds: Int64 = 5) async throws -> PairMetrics {
        var observed = Observations()
        for notation in notations { observed.watched("tbn1", seconds: seconds, notation) }
        return try await observed.onlyMetrics()
    }

    @Test(
        "yes: payload passed in a direction, or a packet set the timeout anew",
        arguments: [
            "\(tcp) first second +sent=1/152 +received=1/52",
            "\(tcp) first second +sent=1/52 +received=1/152",
            "\(udp) new second unreplied sent=1/60 received=0/0 +sent=1/60 +received=0/0",
            // A keep-alive carries no payload, but it is use.
            "\(tcp) first second refreshed +sent=1/52 +received=1/52",
            "\(tcp) first second refreshed",
            // Not counted, but its timeout was set by its answer.
            "\(tcp) new second state=ESTABLISHED",
            "\(tcp) first destroy +sent=9/9000",
        ])
    func active(_ notation: String) async throws {
        let metrics = try await metrics([notation])
        #expect(metrics.isActive == true)
        #expect(metrics.activeConnections == 1)
    }

    @Test(
        "no: counted and no payload, idle by its timeout in a window that shows it, or a TCP dial that failed",
        arguments: [
            "\(tcp) first second +sent=0/0 +received=0/0",
            "\(tcp) first second +sent=1/52 +received=1/52",
            "\(tcp) first second",
            "\(tcp) new destroy unreplied state=CLOSE +sent=1/60 +received=1/40",
            "\(tcp) new destroy unreplied state=CLOSE",
            "\(udp) new second unreplied sent=2/56 received=0/0 +sent=2/56 +received=0/0",
        ])
    func inactive(_ notation: String) async throws {
        let metrics = try await metrics([notation])
        #expect(metrics.isActive == false)
        #expect(metrics.activeConnections == 0)
    }

    @Test(
        "not told: the end was not measured, or a timeout says nothing in so short a window",
        arguments: [
            ("\(tcp) first", 5), ("\(tcp) first second", 2), ("\(udp) new second unreplied", 5),
            ("\(tcp) first second reset-counters +sent=9/9", 2),
        ] as [(String, Int64)])
    func unknown(_ notation: String, _ seconds: Int64) async throws {
        #expect(try await metrics([notation], seconds: seconds).isActive == nil)
    }

    @Test("one active connection makes the pair active, one of which nothing is known keeps it from being inactive")
    func several() async throws {
        let idle = "tcp 10.0.0.1:1 > 10.0.0.2:80 first second +sent=0/0 +received=0/0"
        let unknown = "tcp 10.0.0.1:2 > 10.0.0.2:80 first"
        let active = "tcp 10.0.0.1:3 > 10.0.0.2:80 first second +sent=9/9000 +received=0/0"
        #expect(try await metrics([idle, unknown, active]).isActive == true)
        #expect(try await metrics([idle, unknown, active]).activeConnections == 1)
        #expect(try await metrics([idle, unknown]).isActive == nil)
        #expect(try await metrics([idle]).isActive == false)
    }
}
