#!/bin/sh
# Have a Chromium for the page tests: keep the one that is there, install Debian's where that is allowed, else say so.
set -eu

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing chromium and a font with Arabic, for the page tests"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-noto-core >/dev/null; then
    exit 0
  fi
  echo "SKIPPED: the tests in a browser, because Debian's chromium could not be installed (see above)"
  exit 0
fi

echo "SKIPPED: the tests in a browser, because there is no chromium and only root on Debian may install it:" \
  "apt-get install chromium fonts-noto-core"
