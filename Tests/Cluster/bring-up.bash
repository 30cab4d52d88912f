# shellcheck shell=bash
# Bringing a cluster up, and what is told about it afterwards.

# bring_up NODES ACCOUNTED
bring_up() {
    make_state_folder
    make_network "$1" "$2"
    printf 'name_cluster %q %q\nname_addresses %q\n' "$prefix" "$state" "$subnet" >"$state/settings"
    make_certificates "$1"
    make_users
    make_kubeconfigs "$1"
    start_machine "$control" control-plane
    start_machine "$outside" outside
    make_images "$state/images"
    local i
    for ((i = 1; i <= $1; i++)); do start_machine "$(node_name "$i")" node "$i"; done

    wait_for_api_server
    for ((i = 1; i <= $1; i++)); do node_manifest "$i"; done | kubectl_as_admin apply -f - >&2
    sed "s|@API_SERVER@|https://$control_address:6443|" "$here/manifests/kube-proxy.yaml" |
        kubectl_as_admin apply -f - >&2
    kubectl_as_admin apply -f "$here/manifests/users.yaml" -f "$here/workloads.yaml" >&2
    kubectl_as_admin wait --for=condition=Ready node --all --timeout=180s >&2
    kubectl_as_admin --namespace kube-system rollout status daemonset/kube-proxy --timeout=180s >&2
    kubectl_as_admin --namespace shop rollout status deployment/backend --timeout=180s >&2
    kubectl_as_admin --namespace shop rollout status deployment/frontend --timeout=180s >&2
    describe "$1" "$2" >"$state/lab.env"
}

make_state_folder() {
    if [[ -e $state || -L $state ]]; then
        [[ -d $state && ! -L $state && -O $state && -z $(ls -A "$state") ]] ||
            die "$state is there already, and not as an empty folder of ours"
    fi
    mkdir -p "$state"
    chmod 700 "$state"
    echo "$prefix" >"$mark"
}

kubectl_as_admin() { kubectl --kubeconfig "$state/admin.kubeconfig" "$@"; }

wait_for_api_server() {
    local attempt
    for ((attempt = 0; attempt < 240; attempt++)); do
        ! kubectl_as_admin get --raw /readyz >/dev/null 2>&1 || return 0
        first_process "$control" >/dev/null || break
        sleep 0.5
    done
    die "the API server does not come up"
}

# Nodes are made before their kubelets come, each with the network of its number. The kubelet of 1.20 ends where it
# finds its node without a capacity.
node_manifest() {
    cat <<END
---
apiVersion: v1
kind: Node
metadata: {name: $(node_name "$1")}
spec:
  podCIDR: $(node_pods "$1")
  podCIDRs: ["$(node_pods "$1")"]
status:
  capacity: {pods: "110"}
  allocatable: {pods: "110"}
END
}

# What tests may want to know about the cluster, as lines that a shell or a test can read: NAME=value.
describe() {
    local i nodes=() addresses=()
    for ((i = 1; i <= $1; i++)); do
        nodes+=("$(node_name "$i")")
        addresses+=("$(node_address "$i")")
    done
    cat <<END
NETVIZ_E2E_KUBECONFIG=$state/admin.kubeconfig
NETVIZ_E2E_STATE=$state
NETVIZ_E2E_PREFIX=$prefix
NETVIZ_E2E_NODES=$(IFS=,; echo "${nodes[*]}")
NETVIZ_E2E_NODE_ADDRESSES=$(IFS=,; echo "${addresses[*]}")
NETVIZ_E2E_ACCOUNTED_NODES=$(for i in $2; do node_name "$i"; done | paste -sd , -)
NETVIZ_E2E_API_SERVER=https://$control_address:6443
NETVIZ_E2E_OUTSIDE_NAMESPACE=$outside
NETVIZ_E2E_OUTSIDE_ADDRESS=$outside_address
NETVIZ_E2E_HOST_ADDRESS=$host_address
NETVIZ_E2E_POD_NETWORK=$pod_network
NETVIZ_E2E_SERVICE_NETWORK=$service_network
END
}

# show_logs: the last words of every program, when the cluster did not come up.
show_logs() {
    local log
    kubectl_as_admin get nodes,pods --all-namespaces --request-timeout=5s >&2 2>/dev/null || true
    for log in "$state"/*/*.log; do
        [[ -s $log ]] || continue
        echo "--- $log" >&2
        tail -n 15 "$log" >&2
    done
}
