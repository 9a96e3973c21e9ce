#!/bin/sh
# The browser of the journeys: Debian's Chromium and a font with Chinese. On a CI machine (root and
# CI=true) it is installed, once and quietly; anywhere else the line to type is said.
set -u
if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && [ "${CI:-}" = true ] && command -v apt-get >/dev/null 2>&1; then
    echo "suyuan: installing chromium for the journeys" >&2
    log=$(mktemp)
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
fi
echo "suyuan: no chromium, so the journeys through a browser are skipped; to run them: sudo apt-get install -y chromium fonts-noto-cjk" >&2
exit 1
