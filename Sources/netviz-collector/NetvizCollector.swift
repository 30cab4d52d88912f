import CollectorSystem
import Glibc

@main
enum NetvizCollector {
    static func main() {
        exit(CollectorCommandLine.run(commandLine: CommandLine.arguments))
    }
}
