# shellcheck shell=bash
# The cluster's wires: a network namespace a machine, all on one bridge, which has a namespace of its own so that
# the host's firewall does not see what passes. The host's default namespace gets one veth into it.

# make_network NODES ACCOUNTED: NODES is how many, ACCOUNTED the numbers of those that count packets and bytes.
make_network() {
    local nodes=$1 accounted=" $2 " i j
    # What these add is there for all namespaces; a kernel that has them built in needs no modprobe.
    modprobe --all --quiet nf_conntrack br_netfilter overlay 2>/dev/null || true

    mkdir -p "$cache"
    exec {network_lock}>"$cache/networks.lock"
    flock "$network_lock" # two clusters that come up at once must not choose the same
    name_addresses "$(free_subnet)"
    ip netns add "$switch"
    in_namespace "$switch" ip link add br0 type bridge
    in_namespace "$switch" ip link set br0 up
    # Connections are to be tracked on nodes, not on the wire between them.
    in_namespace "$switch" sysctl -qw net.bridge.bridge-nf-call-iptables=0 2>/dev/null || true
    ip link add "$host_device" type veth peer name host netns "$switch"
    in_namespace "$switch" ip link set host master br0 up
    ip address add "$host_address/24" dev "$host_device"
    ip link set "$host_device" up
    exec {network_lock}>&-

    attach "$control" "$control_address" control
    attach "$outside" "$router_address" outside
    in_namespace "$outside" ip address add "$outside_address/32" dev lo
    # A client out of the cluster comes from the address at which it is a server too.
    in_namespace "$outside" ip route replace "$subnet.0/24" dev eth0 src "$outside_address"
    for ((i = 1; i <= nodes; i++)); do
        attach "$(node_name "$i")" "$(node_address "$i")" "node$i"
        prepare_node "$(node_name "$i")"
        [[ $accounted != *" $i "* ]] || in_namespace "$(node_name "$i")" sysctl -qw net.netfilter.nf_conntrack_acct=1
        in_namespace "$control" ip route add "$(node_pods "$i")" via "$(node_address "$i")"
        for ((j = 1; j <= nodes; j++)); do # as a CNI plugin that routes between hosts lays them
            [[ $i == "$j" ]] ||
                in_namespace "$(node_name "$i")" ip route add "$(node_pods "$j")" via "$(node_address "$j")"
        done
    done
}

# The first 10.99.N that the host has no route to but its default.
free_subnet() {
    local n
    for ((n = 0; n < 256; n++)); do
        if ! ip -4 route show table all to match "10.99.$n.1" | grep -qv '^default'; then
            echo "10.99.$n"
            return
        fi
    done
    die "no subnet of 10.99.0.0/16 is free"
}

# attach NAMESPACE ADDRESS PORT: makes the namespace, its eth0, and the port of the bridge where that ends.
attach() {
    ip netns add "$1"
    in_namespace "$1" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    in_namespace "$1" ip link set lo up
    ip link add eth0 netns "$1" type veth peer name "$3" netns "$switch"
    in_namespace "$switch" ip link set "$3" master br0 up
    in_namespace "$1" ip address add "$2/24" dev eth0
    in_namespace "$1" ip link set eth0 up
}

prepare_node() {
    in_namespace "$1" sysctl -qw net.ipv4.ip_forward=1 net.netfilter.nf_conntrack_acct=0
    in_namespace "$1" sysctl -qw net.bridge.bridge-nf-call-iptables=1
    in_namespace "$1" ip route add default via "$router_address"
    # kube-proxy hides clients of Services only; pods that leave the cluster are their network's own business.
    in_namespace "$1" iptables-nft -w -t nat -A POSTROUTING -s "$pod_network" ! -d "$pod_network" \
        -m comment --comment "pods leave the cluster by their node's address" -m addrtype ! --dst-type LOCAL \
        -j MASQUERADE
}
