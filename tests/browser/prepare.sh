#!/bin/sh
# Sees to it that the browser tests find Chromium and a font with Chinese. A second run needs no network.
# Without the desktop's windows (chromium-headless-shell) a test costs a third less; where the system has no such package, Chromium does.
# When they cannot be had it says so in one line and ends well (those tests are then skipped); with INNOCHAIN_REQUIRE=1 it fails.
set -eu
cache=$(cd "$(dirname "$0")/../.." && pwd)/.cache

give_up() {
    echo "browser tests will be skipped: $1" >&2
    [ "${INNOCHAIN_REQUIRE:-}" = 1 ] && exit 1
    exit 0
}

allowed() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install() {
    mkdir -p "$cache"
    echo "installing $*"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"; } >"$cache/apt.log" 2>&1
}

tried=$cache/headless-shell-tried # where Chromium is there, the shell is looked for once: a second run needs no network
if ! command -v chromium-headless-shell >/dev/null && [ ! -e "$tried" ] && allowed; then
    install chromium-headless-shell || echo "no chromium-headless-shell here; Chromium does"
    touch "$tried"
fi
if ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null; then
    allowed || give_up "neither chromium-headless-shell nor chromium is here, and without root and apt-get they cannot be installed"
    install chromium || give_up "apt-get could not install chromium (see $cache/apt.log)"
fi
if [ -z "$(fc-list :lang=zh family 2>/dev/null)" ]; then
    allowed || give_up "no font with Chinese is here, and without root and apt-get none can be installed (fontconfig, fonts-noto-cjk)"
    install fontconfig fonts-noto-cjk || give_up "apt-get could not install fonts-noto-cjk (see $cache/apt.log)"
fi
echo "browser: Chromium and Chinese fonts ready"
