import Glibc
import NetvizCommands

@main
enum KubectlNetviz {
    static func main() async {
        Allocator.keepFreedMemory()
        let code = await CommandLineEntry.run(commandLine: CommandLine.arguments)
        // Without the libraries' own last acts: OpenSSL's takes away what a transfer's thread may still be using. Nothing
        // waits in a buffer, since all output goes by write(2).
        _exit(code)
    }
}
