# shellcheck shell=bash
# Taking a cluster down, in whatever state it is; also one whose folder or whose `up` is gone.

clean_up() {
    local namespace
    # Processes first, which takes mounts and the pods' veths along; what follows then is idle.
    stop_machines
    for namespace in $(namespaces_that_exist); do ip netns delete "$namespace"; done
    [[ ! -e /sys/class/net/$host_device ]] || ip link delete "$host_device"
    remove_control_groups
    # One file system: if a mount were there after all, what it shows is not ours to remove.
    [[ ! -e $mark ]] || rm -rf --one-file-system "$state"
}

# The kernel takes a group's processes out of it shortly after they ended.
remove_control_groups() {
    local attempt group
    for ((attempt = 0; attempt < 50; attempt++)); do
        for group in /sys/fs/cgroup/"$prefix" /sys/fs/cgroup/*/"$prefix"; do
            [[ ! -d $group ]] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
        done
        compgen -G "/sys/fs/cgroup/$prefix" >/dev/null || compgen -G "/sys/fs/cgroup/*/$prefix" >/dev/null || return 0
        sleep 0.1
    done
    die "control groups do not empty: $(compgen -G "/sys/fs/cgroup/*/$prefix" || compgen -G "/sys/fs/cgroup/$prefix")"
}
