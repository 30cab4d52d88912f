# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those that source it
# What every part of the cluster agrees upon: versions, addresses, names and folders. Sourced before the others.

# Debian 12's source package: the oldest Kubernetes worth supporting, and complete without a network of Go modules.
kubernetes_version=1.20.2

cache=${NETVIZ_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-netviz}
kubernetes_bin=$cache/kubernetes-$kubernetes_version

# Inside the cluster only; two clusters may use the same.
pod_network=10.244.0.0/16
service_network=10.96.0.0/16
kubernetes_service=10.96.0.1
outside_address=203.0.113.10 # of the documentation's network (RFC 5737): routed nowhere

# Bytes of the files that the servers in the cluster and out of it have, which are named so.
file_sizes=(1024 102400 1048576)

# The system's own, also where a developer's PATH has other programs of these names.
machine_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() { echo "cluster: $*" >&2; }

die() {
    say "$@"
    exit 1
}

# name_cluster PREFIX FOLDER: the names of a cluster's machines, which are its network namespaces' names too, its
# veth in the host's namespace, its folder, and the file there that says that `down` may remove it.
name_cluster() {
    prefix=$1 state=$2
    [[ $prefix =~ ^[a-z]{1,8}$ ]] || die "the prefix '$prefix' is not one to eight lower case letters"
    [[ $state == /* ]] || state=$PWD/$state
    # Each machine has a /run, /var/lib and /var/log of its own over the host's.
    case $state in
    /run/* | /var/run/* | /var/lib/* | /var/log/*) die "the folder $state would be hidden from the nodes" ;;
    esac
    control=$prefix-control outside=$prefix-outside switch=$prefix-switch host_device=$prefix-host
    mark=$state/kubectl-netviz-cluster
}

# name_addresses SUBNET: the addresses of machines in the nodes' network, which is SUBNET.0/24.
name_addresses() {
    subnet=$1
    control_address=$subnet.1 router_address=$subnet.2 host_address=$subnet.254
}

node_name() { echo "$prefix$1"; }

node_address() { echo "$subnet.$((10 + $1))"; }

# Pods of node I; laid down here instead of in the order in which nodes come, so that tests know them.
node_pods() { echo "10.244.$1.0/24"; }

# The namespaces of this cluster that exist, and of no other whose prefix begins like ours.
namespaces_that_exist() {
    ip netns list | awk -v ours="^$prefix([0-9]+|-control|-outside|-switch)\$" '$1 ~ ours { print $1 }'
}

in_namespace() { nsenter --net="/run/netns/$1" "${@:2}"; }
