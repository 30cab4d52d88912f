package import JSONText

/// May I? (`SelfSubjectAccessReview` of authorization.k8s.io/v1.) Every user with credentials may ask.
package enum SelfSubjectAccessReview {
    package static let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

    /// What is posted.
    package static func body(_ attributes: ResourceAttributes) -> JSONTree {
        let asked: JSONTree = [
            "namespace": .string(attributes.namespace), "verb": .string(attributes.verb),
            "group": .string(attributes.group), "resource": .string(attributes.resource),
            "subresource": .string(attributes.subresource), "name": .string(attributes.name),
        ]
        return [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": asked],
        ]
    }

    /// What the server answers (`status`).
    package struct Answer: Hashable, Sendable {
        package let isAllowed: Bool
        /// Whether it is forbidden whatever other authorizers say.
        package let isDenied: Bool
        /// Why; empty where a role is missing.
        package let reason: String
        /// What went wrong while it was decided; the answer counts all the same.
        package let evaluationError: String

        /// - Returns: nil where the document is no answered review.
        package init?(_ document: JSONTree) {
            guard document["kind"]?.text == "SelfSubjectAccessReview", let status = document["status"],
                let isAllowed = status["allowed"]?.boolean
            else { return nil }
            self.isAllowed = isAllowed
            isDenied = status["denied"]?.boolean ?? false
            reason = status["reason"]?.text ?? ""
            evaluationError = status["evaluationError"]?.text ?? ""
        }
    }
}

/// Who am I? (`SelfSubjectReview` of authentication.k8s.io/v1, since 1.28.) With impersonation it tells whom the server
/// takes the sender for.
package enum SelfSubjectReview {
    package static let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"

    /// What is posted.
    package static var body: JSONTree {
        ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"]
    }

    /// What the server answers (`status.userInfo`).
    package struct User: Hashable, Sendable {
        package let name: String
        package let uid: String
        package let groups: [String]

        /// - Returns: nil where the document is no answered review.
        package init?(_ document: JSONTree) {
            guard document["kind"]?.text == "SelfSubjectReview",
                let information = document["status"]?["userInfo"], let name = information["username"]?.text
            else { return nil }
            self.name = name
            uid = information["uid"]?.text ?? ""
            groups = (information["groups"]?.elements ?? []).compactMap(\.text)
        }
    }
}
