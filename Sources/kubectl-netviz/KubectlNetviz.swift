import Glibc
import NetvizCommands

@main
enum KubectlNetviz {
    static func main() async {
        Allocator.keepFreedMemory()
        exit(await CommandLineEntry.run(commandLine: CommandLine.arguments))
    }
}
