# Packs Debian's static busybox as an image in the layout of `docker save`, which containerd imports without a network.
#
#   image.sh FILE NAME:TAG [PROGRAM…]
#
# Programs are put where they are on this machine, with the libraries that they are linked to.
#
# The image's own command keeps a pod's sandbox alive. As process 1 it would ignore SIGTERM, hence the stop signal; $STOP_SIGNAL names another.
set -eu
file=$1 name=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/rootfs/bin" "$work/rootfs/etc" "$work/rootfs/tmp" "$work/image"
cp "$(command -v busybox)" "$work/rootfs/bin/busybox"
ln -s busybox "$work/rootfs/bin/sh"
echo 'root:x:0:0:root:/:/bin/sh' > "$work/rootfs/etc/passwd"
echo 'root:x:0:' > "$work/rootfs/etc/group"
for program in "$@"; do
    program=$(readlink -f "$(command -v "$program")")
    for part in "$program" $(ldd "$program" | grep -o '/[^ ]*'); do install -D "$part" "$work/rootfs$part"; done
done
tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --file "$work/image/layer.tar" --directory "$work/rootfs" .

layer=$(sha256sum "$work/image/layer.tar" | cut -d ' ' -f 1)
cat > "$work/image/config.json" << JSON
{
  "architecture": "$(dpkg --print-architecture)",
  "os": "linux",
  "config": { "Cmd": ["/bin/busybox", "sleep", "100000"], "Env": ["PATH=/bin"], "StopSignal": "${STOP_SIGNAL:-SIGKILL}" },
  "rootfs": { "type": "layers", "diff_ids": ["sha256:$layer"] }
}
JSON
cat > "$work/image/manifest.json" << JSON
[{ "Config": "config.json", "RepoTags": ["$name"], "Layers": ["layer.tar"] }]
JSON
tar --create --file "$file" --directory "$work/image" manifest.json config.json layer.tar
