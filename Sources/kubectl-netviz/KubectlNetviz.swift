import Glibc
import NetvizCommands

@main
enum KubectlNetviz {
    static func main() {
        exit(CommandLineEntry.run(Array(CommandLine.arguments.dropFirst())))
    }
}
