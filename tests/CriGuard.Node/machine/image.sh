#!/bin/sh
# Makes the disk and the kernel of the machine from Debian's packages, once for each recipe. Needs root, mmdebstrap and a mirror.
#
#   image.sh CACHE     prints the directory below CACHE that holds `disk` and `vmlinuz`
set -eu
here=$(dirname "$(readlink -f "$0")")
cache=$1

# The recipe is this directory: another package, unit or line of a script makes another machine.
recipe=$(cd "$here" && find . -type f ! -name boot.sh | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c 1-16)
made=$cache/$recipe
if [ -e "$made/disk" ]; then echo "$made"; exit 0; fi

# mmdebstrap mounts inside of what it makes: in a mount namespace of our own nothing of that can stay.
if [ "${2:-}" != inside ]; then exec unshare --mount --propagation private -- sh "$0" "$cache" inside; fi

for program in mmdebstrap mke2fs dpkg-deb; do
    command -v "$program" > /dev/null || { echo "\`$program\` is missing: run \`build/packages --node\`" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP

# The kernel's package is unpacked and not installed: with NVMe and ext4 built in no initramfs is needed, and making one takes long.
export KERNEL="$work/kernel"
mkdir "$KERNEL"
cat > "$work/kernel.sh" << 'HOOK'
set -eu
cd "$KERNEL"
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p')
apt-get download "$package" > /dev/null
dpkg-deb -x "$package"_*.deb .
cp -a lib/modules "$1/usr/lib/"
chroot "$1" depmod -a "$(ls lib/modules)"
HOOK
if ! mmdebstrap --quiet --mode=root --variant=essential --include="$(paste -s -d , "$here/packages")" \
    --aptopt='APT::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --customize-hook="sh '$work/kernel.sh' \"\$1\"" bookworm "$work/root" > "$work/log" 2>&1; then
    tail -n 20 "$work/log" >&2
    echo 'the machine can not be made: it needs root and a mirror of Debian 12 (mmdebstrap)' >&2
    exit 1
fi
rm -rf "$work/root/var/cache/apt" "$work/root/var/lib/apt/lists" "$work/root/dev"/*
cp -a "$here/files/." "$work/root/"

# What waits for hardware, consoles, clocks or a network that this machine does not have: stock, the boot takes three times as long.
units=$work/root/etc/systemd/system
while read -r unit; do ln -sf /dev/null "$units/$unit"; done < "$here/masked"
ln -sf node.target "$units/default.target"
mkdir -p "$units/multi-user.target.wants"
ln -s ../kubelet.service "$units/multi-user.target.wants/"

mkdir -p "$made.part"
# Without a journal: the disk is thrown away after each run.
mke2fs -q -t ext4 -O ^has_journal -d "$work/root" "$made.part/disk" 900m > /dev/null
cp "$KERNEL"/boot/vmlinuz-* "$made.part/vmlinuz"
# Machines of older recipes are not used again.
find "$cache" -mindepth 1 -maxdepth 1 ! -name "$recipe.part" -exec rm -rf {} +
mv "$made.part" "$made"
echo "$made"
