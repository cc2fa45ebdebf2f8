#!/usr/bin/env bash
# Run a command in an image's root as an engine would: own mounts and processes, read-only root, /tmp in memory, data in
# a volume, uid 10001, no capability, no new privileges. SETTINGS holds NAME=value words.
#   confined.sh ROOT VOLUME COMMAND…
set -euo pipefail
root=$1 volume=$2; shift 2
install -d -m 0700 -o 10001 -g 10001 "$volume"
export root volume
exec unshare --mount --pid --fork --kill-child --ipc --uts bash -c '
  set -euo pipefail
  mount --make-rprivate /
  mount --rbind "$root" "$root"
  mount -o remount,ro,bind "$root"
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs -o nosuid,mode=755 tmpfs "$root/dev"
  for device in null zero random urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mount --bind "$volume" "$root/var/lib/tatbiq"
  cd "$root"
  exec env -i PATH=/opt/tatbiq/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TATBIQ_DATA_DIR=/var/lib/tatbiq ${SETTINGS:-} \
    /usr/sbin/chroot "$root" \
    setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set -all --inh-caps -all --no-new-privs \
    env --chdir=/var/lib/tatbiq "$@"' confined "$@"
