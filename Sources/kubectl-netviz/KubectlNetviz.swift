import Glibc
import NetvizCommands

@main
enum KubectlNetviz {
    static func main() async {
        exit(await CommandLineEntry.run(Array(CommandLine.arguments.dropFirst())))
    }
}
