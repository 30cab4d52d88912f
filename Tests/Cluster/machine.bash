# shellcheck shell=bash
# Machines: processes with a network, mounts, a /run, /var/lib and /var/log of their own. Their first process is
# the first of a PID namespace, so that when it ends the kernel ends all that the machine runs, containers too, and
# takes its mounts away. That is why nothing can be left of a cluster whose namespaces have no process.

# start_machine NAME PROGRAM [ARGUMENT]...: PROGRAM of this folder, as the first process of machine NAME.
start_machine() {
    local name=$1 folder=$state/$1
    mkdir -p "$folder/lib" "$folder/log"
    # What the caller holds open, locks above all, is not the machine's.
    (
        for descriptor in /proc/self/fd/*; do
            descriptor=${descriptor##*/}
            ((descriptor <= 2)) || eval "exec $descriptor>&-"
        done
        # Mounts of the host that go must go here too, hence slave.
        exec setsid --fork nsenter --net="/run/netns/$name" env -i "PATH=$machine_path" "HOME=/root" \
            unshare --mount --propagation slave --pid --mount-proc --fork --kill-child \
            "$here/machine" "$folder" "$here/$2" "$state" "${@:3}" >"$folder/machine.log" 2>&1 </dev/null
    )
}

# first_process NAME: the process id of the machine's first process, as the host sees it.
first_process() {
    local pid
    for pid in $(ip netns pids "$1" 2>/dev/null); do
        # Process ids from the outermost namespace on; a container's first process has one more.
        if awk '/^NSpid:/ { first = NF == 3 && $3 == 1 } END { exit !first }' "/proc/$pid/status" 2>/dev/null; then
            echo "$pid"
            return
        fi
    done
    return 1
}

# on_machine NAME COMMAND...: runs a command where the machine's own files are, with the host's process ids.
on_machine() {
    local pid
    pid=$(first_process "$1") || die "the machine $1 has ended; its last words: $(tail -n 5 "$state/$1/machine.log")"
    nsenter --target "$pid" --net --mount "${@:2}"
}

# stop_machines: ends every process in the cluster's namespaces, at once, and waits until they are gone.
stop_machines() {
    local namespace attempt
    local -a pids
    for ((attempt = 0; attempt < 100; attempt++)); do
        pids=()
        for namespace in $(namespaces_that_exist); do
            mapfile -t -O "${#pids[@]}" pids < <(ip netns pids "$namespace")
        done
        ((${#pids[@]} > 0)) || return 0
        kill -KILL "${pids[@]}" 2>/dev/null || true
        sleep 0.1
    done
    die "these processes do not end: ${pids[*]}"
}
