/// Gives the credentials of a ``ClusterAccess``: runs the credential plugin, reads a token's file, and keeps what they
/// gave for as long as it holds. One is shared by all connections, so that a plugin runs once.
package actor CredentialSource {
    package init(_ access: ClusterAccess, with configuration: ConfigurationAccess) {
    }

    /// The credentials that hold now. Tasks that ask while a plugin runs wait for the same run.
    ///
    /// - Throws: `.credential` with the reason, `.cancelled` when the task is cancelled meanwhile; the plugin is killed when
    ///   nobody waits for it any more.
    package func credentials() async throws(KubeconfigError) -> Credentials {
        throw KubeconfigError(.credential, ["not yet"])
    }

    /// Says that the API server refused (401) credentials of that generation, so that new ones are made when they are next
    /// asked for. Older generations than the last are already replaced.
    ///
    /// - Returns: whether asking again may give others, and the request may be worth repeating once.
    @discardableResult
    package func refuse(generation: UInt64) -> Bool {
        false
    }
}
