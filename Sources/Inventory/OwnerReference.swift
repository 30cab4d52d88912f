/// The controller that manages an object: the entry of `metadata.ownerReferences` with `controller: true`.
package struct OwnerReference: Hashable, Sendable {
    package let kind: String
    package let name: String
    package let uid: String

    package init(kind: String, name: String, uid: String = "") {
        self.kind = kind
        self.name = name
        self.uid = uid
    }
}

/// An object that owns pods, directly or by way of another: a ReplicaSet, a Deployment, a Job, …
package struct Controller: Hashable, Sendable {
    package let kind: ObjectKind
    package let namespace: String
    package let name: String
    package let uid: String
    package let owner: OwnerReference?

    package init(kind: ObjectKind, namespace: String, name: String, uid: String = "", owner: OwnerReference? = nil) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.owner = owner
    }
}
