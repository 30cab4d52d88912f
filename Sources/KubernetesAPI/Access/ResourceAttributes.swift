/// What is done to which resource, as the API server's authorization sees it (`ResourceAttributes` of
/// authorization.k8s.io/v1).
package struct ResourceAttributes: Hashable, Sendable {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`…
    package let verb: String
    /// Empty for the core group.
    package let group: String
    /// In plural and small letters, as `pods`.
    package let resource: String
    /// As `exec`; empty for the resource itself.
    package let subresource: String
    /// Empty for what has none, and for all of them.
    package let namespace: String
    /// Empty where it is not about one object.
    package let name: String

    package init(
        verb: String,
        group: String = "",
        resource: String,
        subresource: String = "",
        namespace: String = "",
        name: String = ""
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }

    /// As roles name it, `pods/exec`.
    package var resourceWithSubresource: String { subresource.isEmpty ? resource : "\(resource)/\(subresource)" }
}
