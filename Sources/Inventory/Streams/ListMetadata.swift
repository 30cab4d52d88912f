/// What a list says of itself (`meta/v1.ListMeta`).
package struct ListMetadata: Hashable, Sendable {
    /// From where on a watch goes on, the same for all pages of a list.
    package var resourceVersion: String
    /// Asks for the next page; "" on the last.
    package var continueToken: String
    /// About how many objects are on the pages that follow; nil when it is not told.
    package var remainingItemCount: Int?

    package init(resourceVersion: String = "", continueToken: String = "", remainingItemCount: Int? = nil) {
        self.resourceVersion = resourceVersion
        self.continueToken = continueToken
        self.remainingItemCount = remainingItemCount
    }
}
