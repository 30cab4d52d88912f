# shellcheck shell=bash
# Kubernetes itself, built once a machine from Debian's source package into the cache folder.

kubernetes_programs=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)

# build_kubernetes: does nothing where the cache has all programs. The finished folder appears by one rename, so
# that a build that was interrupted is never taken for a whole one; what it left is removed by the next.
build_kubernetes() {
    [[ ! -d $kubernetes_bin ]] || return 0
    mkdir -p "$cache"
    exec {build_lock}>"$cache/kubernetes-$kubernetes_version.lock"
    flock "$build_lock" # a second build waits for the first and then finds its result
    if [[ ! -d $kubernetes_bin ]]; then
        say "building Kubernetes $kubernetes_version from Debian's source package; this takes minutes, once a machine"
        local work=$cache/kubernetes-$kubernetes_version.building
        remove_go_tree "$work"
        mkdir "$work"
        { fetch_kubernetes_source "$work" && compile_kubernetes "$work"; } >"$work.log" 2>&1 </dev/null ||
            die "building Kubernetes failed: see $work.log; its end: $(tail -n 5 "$work.log")"
        mv "$work/bin" "$kubernetes_bin"
        remove_go_tree "$work"
        rm -f "$work.log"
    fi
    exec {build_lock}>&-
}

# Go marks what is in its module cache as read-only.
remove_go_tree() {
    [[ ! -e $1 ]] || chmod -R u+w "$1"
    rm -rf "$1"
}

# fetch_kubernetes_source FOLDER: Debian's source, its signature verified by apt, into FOLDER/source. The list of
# sources is a private one: the system's need not have deb-src, and is not changed.
fetch_kubernetes_source() {
    local folder=$1 mirror
    # shellcheck disable=SC2016 # apt expands it
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
        'Codename: bookworm' 'Component: main' | head -n 1)
    mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
        "${mirror:-http://deb.debian.org/debian} bookworm main" >"$folder/apt/sources.list"
    local -a private=(
        -o "Dir::Etc::SourceList=$folder/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache"
        # Else root downloads as _apt, which may not enter the cache folder.
        -o APT::Sandbox::User=root -o Acquire::Retries=3
    )
    apt-get "${private[@]}" update || return
    (cd "$folder" && apt-get "${private[@]}" source --only-source --download-only kubernetes) || return
    local description
    description=$(compgen -G "$folder/kubernetes_*${kubernetes_version}*.dsc") || {
        echo "Debian's source is not Kubernetes $kubernetes_version: $(ls "$folder"/*.dsc)"
        return 1
    }
    dpkg-source --no-check --extract "$description" "$folder/source"
}

# compile_kubernetes FOLDER: FOLDER/source into FOLDER/bin, with Kubernetes' own makefile.
compile_kubernetes() {
    local folder=$1 program
    # What the caller's environment says about Go must not change what is built.
    env -i PATH=/usr/lib/go-1.19/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$folder/home" \
        GOCACHE="$folder/go-cache" GOPROXY=off CGO_ENABLED=0 FORCE_HOST_GO=y KUBE_BUILD_PLATFORMS=linux/amd64 \
        KUBE_GIT_VERSION="v$kubernetes_version" KUBE_GIT_TREE_STATE=clean KUBE_GIT_COMMIT=unknown \
        make -C "$folder/source" WHAT="$(printf 'cmd/%s ' "${kubernetes_programs[@]}")" || return
    mkdir "$folder/bin"
    for program in "${kubernetes_programs[@]}"; do
        install -m 755 "$folder/source/_output/local/bin/linux/amd64/$program" "$folder/bin/$program" || return
        "$folder/bin/$program" --version || return
    done
}
