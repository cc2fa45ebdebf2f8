#!/usr/bin/env bash
# Build the image where no container engine is, and see that it answers: buildah follows the Dockerfile in a chroot, on
# a small Debian in place of the base image; the command then runs as an engine would run it. Needs root, buildah and
# debootstrap (apt-get install buildah debootstrap), ten gigabytes below the directory, some minutes.
#   tests/container/replay.sh [DIRECTORY]
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
work=${1:-$(mktemp -d)}
port=${PORT:-8791}
image=localhost/tatbiq
base=localhost/python-base
mkdir -p "$work/wheels"

build() { buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"; }

echo "1. A small Debian with Python, in place of the base image"
if [[ ! -e $work/base/usr/bin/python3 ]]; then
  debootstrap --variant=minbase --include=python3,python3-venv \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$work/base" >"$work/debootstrap.log"
fi
# The libraries are fetched here and given to the build: inside, the hashes of the lock are all that is trusted.
printf '[global]\nno-index = true\nfind-links = /wheels\n' >"$work/base/etc/pip.conf"
python=$(chroot "$work/base" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
python3 -m pip download --quiet --require-hashes --only-binary=:all: --python-version "$python" \
  --requirement "$repository/requirements.lock" --dest "$work/wheels"
container=$(build from scratch)
build copy --quiet "$container" "$work/base" / >/dev/null
build commit --quiet "$container" "$base" >/dev/null
build rm "$container" >/dev/null

echo "2. The Dockerfile"
build build --quiet --format docker --isolation chroot --build-arg "PYTHON=$base" --volume "$work/wheels:/wheels:ro" \
  --tag "$image" "$repository" >/dev/null
container=$(build from "$image")
root=$(build mount "$container")

echo "3. Read-only, without root: migrate, serve, ask"
confined=("$repository/tests/container/confined.sh" "$root" "$work/data")
export SETTINGS="TATBIQ_SECRET_KEY=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n') TATBIQ_INSECURE_HTTP=1"
"${confined[@]}" python - <<'PROBE'
import os

print("uid", os.getuid())
assert os.getuid() == 10001
for place in ("/", "/opt/tatbiq", "/etc"):
    try:
        open(f"{place}/probe", "w")
    except OSError as error:
        print(place, error.strerror)
    else:
        raise SystemExit(f"{place} can be written to")
PROBE
"${confined[@]}" tatbiq migrate
"${confined[@]}" tatbiq serve --host 0.0.0.0 --port "$port" >"$work/serve.log" 2>&1 &
server=$!
trap 'pkill -TERM -P "$server" || true; wait "$server" || true' EXIT  # the first process inside, not the one around it
for _ in $(seq 60); do
  answer=$(curl --silent --max-time 2 "http://127.0.0.1:$port/readyz" || true)
  [[ $answer == ok ]] && break
  sleep 1
done
echo "/readyz: ${answer:-no answer}"
[[ $answer == ok ]]
