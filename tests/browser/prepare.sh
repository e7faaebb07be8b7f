#!/bin/sh
# Sees to it that the browser tests find Chromium and a font with Chinese. A second run needs no network.
# When they cannot be had it says so in one line and ends well (those tests are then skipped); with INNOCHAIN_REQUIRE=1 it fails.
set -eu
cache=$(cd "$(dirname "$0")/../.." && pwd)/.cache

give_up() {
    echo "browser tests will be skipped: $1" >&2
    [ "${INNOCHAIN_REQUIRE:-}" = 1 ] && exit 1
    exit 0
}

missing=
command -v chromium >/dev/null || missing=chromium
[ -n "$(fc-list :lang=zh family 2>/dev/null)" ] || missing="$missing fontconfig fonts-noto-cjk"
if [ -n "$missing" ]; then
    { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || give_up "missing and not installable without root and apt-get: $missing"
    mkdir -p "$cache"
    echo "installing $missing"
    # shellcheck disable=SC2086
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing; } >"$cache/apt.log" 2>&1 ||
        give_up "apt-get could not install $missing (see $cache/apt.log)"
fi
echo "browser: Chromium and Chinese fonts ready"
