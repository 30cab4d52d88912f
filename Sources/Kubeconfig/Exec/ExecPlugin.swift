package import Secrets

/// A program that prints credentials: the `exec` of a kubeconfig's user (client.authentication.k8s.io).
package struct ExecPlugin: Sendable, Hashable {
    /// The versions of what is exchanged with the program.
    package enum Version: String, Sendable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    /// Whether the program may talk to whoever sits at the terminal.
    package enum InteractiveMode: String, Sendable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    /// A path, or a name that is looked up in `PATH`.
    package let command: String
    /// Not shown, as some hold passwords.
    package let arguments: [Secret]
    /// Added to this program's own, in this order.
    package let environment: [Variable]
    package let version: Version
    package let interactiveMode: InteractiveMode
    /// What to do where the program is missing; without control characters.
    package let installHint: String
    /// The value of `KUBERNETES_EXEC_INFO`'s `spec.cluster` as JSON; nil where the plugin is not to be told.
    package let clusterInfo: Secret?

    /// A variable of the program's environment.
    package struct Variable: Sendable, Hashable {
        package let name: String
        package let value: Secret
    }
}
