#!/bin/sh
# Starts the machine under QEMU's emulator (no KVM is asked for), prints what its console says, and ends it when the own input ends: whoever owns
# it, however that dies.
#
#   boot.sh MADE JOB SECONDS SHELL RUNTIME GATE < nothing > console
#
# MADE is what image.sh made and stays as it is; the directory JOB becomes the second disk. SHELL, RUNTIME and GATE are ports of 127.0.0.1 that
# lead to the same of the machine, which reaches nothing by itself (restrict=on).
set -eu
made=$1 job=$2 seconds=$3 shell=$4 runtime=$5 gate=$6
command -v qemu-system-x86_64 > /dev/null || { echo '`qemu-system-x86_64` is missing: run `build/packages --node`' >&2; exit 1; }

mke2fs -q -t ext4 -O ^has_journal -d "$job" "$job.disk" "$(($(du -sm "$job" | cut -f 1) * 5 / 4 + 8))m" > /dev/null
timeout --kill-after=5 "$seconds" qemu-system-x86_64 \
    -accel tcg,thread=multi,tb-size=512 -cpu max -smp 2 -m 1024 -nodefaults -no-user-config -display none \
    -kernel "$made/vmlinuz" \
    -append 'root=/dev/nvme0n1 rw console=ttyS0 loglevel=4 net.ifnames=0 systemd.show_status=0 printk.devkmsg=on' \
    -drive "file=$made/disk,if=none,id=root,format=raw,snapshot=on" -device nvme,drive=root,serial=root \
    -drive "file=$job.disk,if=none,id=job,format=raw,readonly=on" -device nvme,drive=job,serial=job \
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$shell-:5000,hostfwd=tcp:127.0.0.1:$runtime-:5001,hostfwd=tcp:127.0.0.1:$gate-:5002" \
    -device virtio-net-pci,netdev=net,romfile= -chardev stdio,id=console,signal=off -serial chardev:console < /dev/null &
machine=$!
trap 'kill $machine 2> /dev/null; wait $machine || true' EXIT
trap 'exit 130' INT TERM HUP
cat > /dev/null
