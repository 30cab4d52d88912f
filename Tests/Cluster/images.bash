# shellcheck shell=bash
# The images, made of Debian's files on this machine, without an engine and without a registry.

# make_images FOLDER: archives of all images into FOLDER.
make_images() {
    mkdir -p "$1"
    make_pause_image "$1"
    make_kube_proxy_image "$1"
    make_traffic_image "$1"
}

write_image() {
    "$here/../../plugin/collector/image-archive" "$@" >/dev/null
}

make_pause_image() {
    local program=$1/pause
    gcc -std=c11 -O2 -Wall -Werror -static -s -o "$program" "$here/pause.c"
    write_image "$1/pause.tar" localhost/pause:1 --file "$program=/pause" --entrypoint /pause
    rm "$program"
}

# As the real one, it has what kube-proxy runs and what that loads, and neither a shell nor coreutils.
make_kube_proxy_image() {
    local -a parts=(
        --file "$kubernetes_bin/kube-proxy=/usr/local/bin/kube-proxy"
        --program /usr/sbin/conntrack --program /usr/sbin/nft
        --program /usr/sbin/xtables-nft-multi --program /usr/sbin/xtables-legacy-multi
        --text "/etc/passwd=root:x:0:0:root:/root:/usr/sbin/nologin"
    )
    local module family name
    for module in /usr/lib/x86_64-linux-gnu/xtables/*.so; do parts+=(--program "$module"); done
    for family in iptables ip6tables; do
        for name in "" -save -restore; do
            parts+=(
                --link "/usr/sbin/$family$name=xtables-nft-multi" # Debian's default
                --link "/usr/sbin/$family-nft$name=xtables-nft-multi"
                --link "/usr/sbin/$family-legacy$name=xtables-legacy-multi"
            )
        done
    done
    write_image "$1/kube-proxy.tar" "localhost/kube-proxy:v$kubernetes_version" "${parts[@]}" \
        --entrypoint /usr/local/bin/kube-proxy
}

# Servers and clients for tests: busybox (sh, httpd, wget, nc ...), socat, and files under /www.
make_traffic_image() {
    local -a parts=(--file /bin/busybox=/usr/bin/busybox --program /usr/bin/socat)
    local applet size
    for applet in $(busybox --list); do
        [[ $applet == busybox ]] || parts+=(--link "/usr/bin/$applet=busybox")
    done
    for size in "${file_sizes[@]}"; do parts+=(--zeros "/www/$size=$size"); done
    write_image "$1/traffic.tar" localhost/traffic:1 "${parts[@]}"
}

# load_image ARCHIVE: onto every node, as if each had pulled it.
load_image() {
    local node
    for node in $(namespaces_that_exist | grep -E "^${prefix}[0-9]+\$"); do
        on_machine "$node" ctr --namespace k8s.io images import - <"$1" >/dev/null
    done
}
