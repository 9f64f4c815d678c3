#!/bin/sh
# A private node: one containerd with runc, crun and gVisor that shares nothing with the machine but its kernel.
#
#   node.sh < commands > answers
#
# Prints `ready DIRECTORY CGROUP` when the runtime answers, then obeys one command a line (`stop`, `start`, `kill`), each answered by one line.
# The end of its input is the end of the node, so a bed whose owner dies, however it dies, still goes away.
set -eu
here=$(dirname "$(readlink -f "$0")")

# Unix socket paths end at 108 bytes (unix(7)), hence the short directory.
dir=$(mktemp -d /run/criguard-XXXXXX)
chmod 755 "$dir"
name=$(basename "$dir")

# One cgroup holds the runtime and every pod; what is in it is what this node started. v1 and hybrid trees keep it in each hierarchy.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then tree=/sys/fs/cgroup; else tree=/sys/fs/cgroup/pids; fi
group=$tree/kubepods-$name

processes() {
    find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

remove() {
    rounds=0
    while pids=$(processes); [ -n "$pids" ]; do
        rounds=$((rounds + 1))
        if [ "$rounds" -gt 1000 ]; then echo "processes of $dir do not end: $pids" >&2; exit 1; fi
        kill -9 $pids 2>/dev/null || true
        sleep 0.02
    done
    find /sys/fs/cgroup -depth -type d -path "*/kubepods-$name*" -exec rmdir {} + 2>/dev/null || true
    rm -rf --one-file-system "$dir"
}
trap remove EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "$group/node"
sh "$here/join.sh" "$group/node" unshare --mount --net --propagation private -- sh "$here/inside.sh" "$here" "$dir" "$group/node"
