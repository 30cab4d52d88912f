/// An event of a watch (`meta/v1.WatchEvent`).
package enum WatchEvent: Sendable {
    case added(InventoryItem)
    case modified(InventoryItem)
    /// The object as it was, with the resourceVersion of its deletion.
    case deleted(InventoryItem)
    /// Nothing of the kind happened up to `resourceVersion`, or was told before. `isInitialEventsEnd`: all objects that
    /// were there when the watch began have been told (`sendInitialEvents`).
    case bookmark(resourceVersion: String, isInitialEventsEnd: Bool)
    /// The watch cannot go on; `isExpired` of the status asks for a new list.
    case error(APIStatus)
}
