import CollectorSystem
import Glibc

@main
enum NetvizCollector {
    static func main() {
        exit(CollectorCommandLine.run(Array(CommandLine.arguments.dropFirst())))
    }
}
