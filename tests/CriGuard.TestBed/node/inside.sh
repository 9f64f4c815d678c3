# The inside of the private node: mounts, network, image, runtime, then the commands. Runs in namespaces of its own, made by node.sh.
#
#   inside.sh SCRIPTS DIRECTORY CGROUP < commands > answers
set -eu
here=$1
dir=$2
group=$3
socket=$dir/containerd.sock

# The runtime keeps things under /run/containerd, /run/netns and /var/lib/cni whatever its configuration says: give it a /run and /var/lib of its own.
mkdir -p "$dir/bin" "$dir/cni" "$dir/opt" "$dir/pods" "$dir/tmp" "$dir/kept"
mount --bind "$dir" "$dir/kept"
mount -t tmpfs -o mode=755 private /var/lib
mkdir /var/lib/node
mount --move "$dir/kept" /var/lib/node
mount -t tmpfs -o mode=755 private /run
mkdir "$dir"
mount --move /var/lib/node "$dir"

# crun refuses a hybrid cgroup tree, and mount propagation into pods needs a shared root.
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
mount --make-rshared /
ip link set lo up

export TMPDIR="$dir/tmp"
sed "s|@DIR@|$dir|g" "$here/containerd.toml" > "$dir/containerd.toml"
sed "s|@DIR@|$dir|g" "$here/network.conflist" > "$dir/cni/10-pods.conflist"
# The runtime's own base spec, with one capability and one directory of the node more.
ctr oci spec | sed -e 's|"CAP_CHOWN",|"CAP_CHOWN", "CAP_SYS_ADMIN",|' \
    -e 's|"mounts": \[|"mounts": [ { "destination": "/node", "type": "bind", "source": "/etc", "options": [ "rbind", "ro" ] },|' > "$dir/altered.json"
install -m 755 "$here/runsc-pod.sh" "$dir/bin/runsc-pod"
sh "$here/image.sh" "$dir/image.tar" criguard.test/busybox:1
STOP_SIGNAL=SIGTERM sh "$here/image.sh" "$dir/told.tar" criguard.test/told:1

start() {
    containerd --config "$dir/containerd.toml" < /dev/null >> "$dir/containerd.log" 2>&1 &
    runtime=$!
    until ctr --address "$socket" --connect-timeout 1s version > /dev/null 2>&1; do
        kill -0 "$runtime" || { echo "failed"; tail -n 20 "$dir/containerd.log" >&2; exit 1; }
    done
}

stop() {
    kill "-$1" "$runtime"
    wait "$runtime" || true
}

start
for image in image told; do ctr --address "$socket" --namespace k8s.io images import "$dir/$image.tar" > /dev/null; done
echo "ready $dir $group"

while read -r command; do
    case $command in
        stop) stop TERM ;;
        kill) stop KILL ;;
        start) start ;;
        *) echo "unknown command \`$command\`" >&2; exit 2 ;;
    esac
    echo "done"
done
