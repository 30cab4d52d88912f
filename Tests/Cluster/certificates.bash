# shellcheck shell=bash
# Keys, certificates and kubeconfigs, made anew for each cluster.

make_certificates() {
    local pki=$state/pki i
    mkdir "$pki"
    make_key ca
    openssl req -x509 -new -key "$pki/ca.key" -out "$pki/ca.crt" -days 3650 -subj "/CN=$prefix"
    make_key service-accounts
    openssl ec -in "$pki/service-accounts.key" -pubout -out "$pki/service-accounts.pub" 2>/dev/null

    local names="IP:$control_address,IP:127.0.0.1,IP:$kubernetes_service,DNS:localhost,DNS:kubernetes"
    make_certificate apiserver /CN=kube-apiserver "$names,DNS:kubernetes.default,DNS:kubernetes.default.svc"
    make_certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
    make_certificate admin /O=system:masters/CN=kubernetes-admin
    make_certificate controller-manager /CN=system:kube-controller-manager
    make_certificate scheduler /CN=system:kube-scheduler
    for ((i = 1; i <= $1; i++)); do
        make_certificate "$(node_name "$i")" "/O=system:nodes/CN=system:node:$(node_name "$i")" \
            "IP:$(node_address "$i"),DNS:$(node_name "$i")"
    done
}

make_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$state/pki/$1.key"; }

# make_certificate NAME SUBJECT [ALTERNATIVE-NAMES]
make_certificate() {
    local file=$state/pki/$1
    make_key "$1"
    openssl req -new -key "$file.key" -subj "$2" |
        openssl x509 -req -CA "$state/pki/ca.crt" -CAkey "$state/pki/ca.key" -CAcreateserial -days 3650 \
            -extfile <(echo "basicConstraints=CA:FALSE${3:+
subjectAltName=$3}") -out "$file.crt" 2>/dev/null
}

# write_kubeconfig FILE USER CREDENTIALS: with the certificates inside, so that the file can be taken anywhere.
write_kubeconfig() {
    cat >"$1" <<END
apiVersion: v1
kind: Config
clusters:
- name: $prefix
  cluster:
    server: https://$control_address:6443
    certificate-authority-data: $(base64 -w 0 "$state/pki/ca.crt")
users:
- name: $2
  user: {$3}
contexts:
- name: $prefix
  context: {cluster: $prefix, user: $2}
current-context: $prefix
END
}

# certificate_kubeconfig FILE CERTIFICATE
certificate_kubeconfig() {
    local file=$state/pki/$2
    write_kubeconfig "$1" "$2" "client-certificate-data: $(base64 -w 0 "$file.crt"),
    client-key-data: $(base64 -w 0 "$file.key")"
}

# Users with bearer tokens; what they may do is in manifests/users.yaml.
make_users() {
    local user token
    mkdir "$state/users"
    for user in reader runner nobody; do
        token=$(openssl rand -hex 16)
        echo "$token" >"$state/users/$user.token"
        echo "$token,$user,$user" >>"$state/pki/tokens.csv"
        write_kubeconfig "$state/users/$user.kubeconfig" "$user" "token: $token"
    done
}

make_kubeconfigs() {
    local i
    certificate_kubeconfig "$state/admin.kubeconfig" admin
    certificate_kubeconfig "$state/pki/controller-manager.kubeconfig" controller-manager
    certificate_kubeconfig "$state/pki/scheduler.kubeconfig" scheduler
    for ((i = 1; i <= $1; i++)); do
        certificate_kubeconfig "$state/pki/$(node_name "$i").kubeconfig" "$(node_name "$i")"
    done
}
