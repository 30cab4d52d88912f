package import NetModel

/// The objects of a living cluster, from lists and the watches that follow them, and which of them ended when.
///
/// A value without a clock: who calls says when something was heard, in the client's time. The objects of a time, for an
/// index, are given by `objects(during:)`. A scope is listed before it is watched, and not watched while it is listed.
package struct InventoryStore: Sendable {
    /// What is listed and watched together: a kind, in one namespace or, with nil, in all.
    package struct Scope: Hashable, Sendable {
        package let kind: ObjectKind
        package let namespace: String?

        package init(_ kind: ObjectKind, namespace: String? = nil) {
            self.kind = kind
            self.namespace = namespace
        }

        fileprivate func contains(_ key: InventoryObjects.Key) -> Bool {
            key.kind == kind && (namespace == nil || key.namespace == namespace)
        }
    }

    /// How much is known of a scope.
    package struct Progress: Hashable, Sendable {
        /// Where a watch goes on; "" until a list was read to its end.
        package var resourceVersion: String
        /// When the last event, bookmark or list came; nil until then.
        package var lastHeard: Timestamp?

        package init(resourceVersion: String = "", lastHeard: Timestamp? = nil) {
            self.resourceVersion = resourceVersion
            self.lastHeard = lastHeard
        }
    }

    /// An object that lives.
    private struct Living {
        let key: InventoryObjects.Key
        var object: InventoryObjects.Object
        var resourceVersion: UInt64?
        /// Of the list that told of it last.
        var list: Int
        /// Its place in the order in which objects came.
        let order: Int
    }

    /// An object that no longer lives.
    private struct Ended {
        let key: InventoryObjects.Key
        let object: InventoryObjects.Object
        let resourceVersion: UInt64?
        let order: Int
        /// When that was heard.
        let moment: Timestamp
    }

    /// Nil in a place that waits for another object.
    private var living: [Living?] = []
    /// Of each object that lives its place.
    private var places: [InventoryObjects.Key: Int] = [:]
    private var freePlaces: [Int] = []
    private var ended: [Ended] = []
    private var scopes: [Scope: Progress] = [:]
    /// The lists that were begun and not ended, by number.
    private var openLists: [Scope: Int] = [:]
    private var listCount = 0
    private var objectCount = 0
    private var factsByNode: [String: NodeFacts] = [:]
    private var imagesByPod: [InventoryObjects.Key: PodImages] = [:]

    package init() {}

    /// What is known of a scope.
    package func progress(of scope: Scope) -> Progress { scopes[scope] ?? Progress() }

    /// Whether a scope was last heard of longer ago than `limit` nanoseconds, or never, so that it is to be listed anew.
    package func isStale(_ scope: Scope, at now: Timestamp, limit: Int64 = 10_000_000_000) -> Bool {
        guard let lastHeard = scopes[scope]?.lastHeard else { return true }
        return lastHeard < now - limit
    }

    // MARK: Lists

    /// Begins a list, the first or one that replaces what is known. Its objects, of all pages, follow with `add`. What a
    /// list told before it failed stays, and another begins in its place.
    package mutating func beginList(of scope: Scope) {
        listCount += 1
        openLists[scope] = listCount
    }

    /// Adds an object of a list that was begun.
    package mutating func add(_ item: InventoryItem, at now: Timestamp) {
        put(item, at: now)
    }

    /// Ends a list that was read to the end of its last page. Objects of the scope that are not on it ended by `now`.
    package mutating func endList(of scope: Scope, _ metadata: ListMetadata, at now: Timestamp) {
        if let list = openLists.removeValue(forKey: scope) {
            for object in living {
                guard let object, object.list < list, scope.contains(object.key) else { continue }
                end(object.key, at: now)
            }
        }
        heard(scope, metadata.resourceVersion, at: now)
    }

    // MARK: Events

    /// Applies an event of a scope's watch. An error changes nothing. The bookmark that ends the initial events of a watch
    /// ends the list that was begun for them.
    package mutating func apply(_ event: WatchEvent, of scope: Scope, at now: Timestamp) {
        switch event {
        case .added(let item), .modified(let item):
            put(item, at: now)
            heard(scope, item.resourceVersion, at: now)
        case .deleted(let item):
            // The event has the last state, perhaps with the end of the containers.
            put(item, at: now)
            end(key(of: item), at: now)
            heard(scope, item.resourceVersion, at: now)
        case .bookmark(let resourceVersion, let isInitialEventsEnd):
            if isInitialEventsEnd {
                endList(of: scope, ListMetadata(resourceVersion: resourceVersion), at: now)
            } else {
                heard(scope, resourceVersion, at: now)
            }
        case .error: break
        }
    }

    private mutating func heard(_ scope: Scope, _ resourceVersion: String, at now: Timestamp) {
        // Until the initial events of a watch are over, what they tell is no place to go on from.
        if !resourceVersion.isEmpty, openLists[scope] == nil {
            scopes[scope, default: Progress()].resourceVersion = resourceVersion
        }
        scopes[scope, default: Progress()].lastHeard = now
    }

    // MARK: Objects

    private func key(of item: InventoryItem) -> InventoryObjects.Key {
        InventoryObjects.Key(kind: item.kind, namespace: item.namespace, name: item.name)
    }

    private mutating func put(_ item: InventoryItem, at now: Timestamp) {
        let key = key(of: item)
        let place = place(of: key)
        let known = living[place]
        if let known, known.object.isOtherLife(than: item.object) { keep(known, endedAt: now) }
        living[place] = Living(
            key: key,
            object: item.object,
            resourceVersion: UInt64(item.resourceVersion),
            list: listCount,
            order: known?.order ?? objectCount
        )
        objectCount += 1
        if let facts = item.nodeFacts { factsByNode[item.name] = facts }
        if let images = item.podImages {
            imagesByPod[key] = ProxyImages.isProxy(images) ? images : nil
        }
    }

    /// The place of an object, which may be a new one.
    private mutating func place(of key: InventoryObjects.Key) -> Int {
        func find(_ place: inout Int?) -> Int {
            if let place { return place }
            let free = freePlaces.popLast() ?? living.count
            if free == living.count { living.append(nil) }
            place = free
            return free
        }
        // One look into the table, whether it has the key or not.
        return find(&places[key])
    }

    private mutating func end(_ key: InventoryObjects.Key, at now: Timestamp) {
        guard let place = places.removeValue(forKey: key), let last = living[place] else { return }
        living[place] = nil
        freePlaces.append(place)
        keep(last, endedAt: now)
        if key.kind == .node { factsByNode[key.name] = nil }
        imagesByPod[key] = nil
    }

    private mutating func keep(_ last: Living, endedAt now: Timestamp) {
        var object = last.object
        if case .pod(var pod) = object, pod.end == .running {
            pod.end = .finished(now)
            object = .pod(pod)
        }
        ended.append(
            Ended(
                key: last.key,
                object: object,
                resourceVersion: last.resourceVersion,
                order: last.order,
                moment: now
            ))
    }

    /// Forgets what is known to have ended before a moment, so that memory does not grow with time.
    package mutating func forget(endedBefore moment: Timestamp) {
        ended.removeAll { $0.moment < moment }
    }

    // MARK: What is known

    /// All objects that lived within a time, in the order they came, pods that ended with their end. Objects of other
    /// kinds that ended in it are as they were.
    package func objects(during time: ClosedRange<Timestamp>) -> InventoryObjects {
        var found: [(order: Int, kept: InventoryObjects.Kept)] = []
        found.reserveCapacity(living.count + ended.count)
        for object in ended where object.moment >= time.lowerBound - Inventory.clockSlack {
            guard object.object.lived(within: time) else { continue }
            let kept = InventoryObjects.Kept(
                key: object.key, object: object.object, resourceVersion: object.resourceVersion)
            found.append((object.order, kept))
        }
        for object in living {
            guard let object, object.object.lived(within: time) else { continue }
            let kept = InventoryObjects.Kept(
                key: object.key, object: object.object, resourceVersion: object.resourceVersion)
            found.append((object.order, kept))
        }
        found.sort { $0.order < $1.order }
        var objects = InventoryObjects()
        for (_, kept) in found { objects.add(kept) }
        return objects
    }

    /// What was asked for of the nodes that live, in the order of their names.
    package var nodeFacts: [NodeFacts] { factsByNode.values.sorted { $0.name < $1.name } }

    /// The pods that live and are a kube-proxy, where `podImages` were asked for, in the order of their names.
    package var proxyPods: [PodImages] {
        imagesByPod.values.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }

    /// How many objects live, and how many are kept that ended.
    package var counts: (living: Int, ended: Int) { (places.count, ended.count) }
}

extension InventoryObjects.Object {
    /// Whether both are pods, known to be different ones.
    func isOtherLife(than other: InventoryObjects.Object) -> Bool {
        guard case .pod(let pod) = self, case .pod(let otherPod) = other, let uid = pod.uid, let otherUID = otherPod.uid
        else { return false }
        return uid != otherUID
    }

    /// Whether it may have lived within a time; only of pods that is known.
    fileprivate func lived(within time: ClosedRange<Timestamp>) -> Bool {
        guard case .pod(let pod) = self else { return true }
        return pod.overlap(time, slack: Inventory.clockSlack) != .no
    }
}
