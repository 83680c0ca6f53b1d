#!/bin/sh
# Set up what a make target needs, once: Debian's packages, a virtual environment
# in .venv, the pinned Python packages and the project itself.
#
#   tools/setup.sh run|test|bundle
#
# A second run finds everything in place and takes a tenth of a second.
set -eu
cd "$(dirname "$0")/.."
set_name=$1
venv=.venv

say() { printf '%s\n' "$*" >&2; }

debian_packages() { # the names in the lists, comments left out
    for list in "$@"; do sed 's/#.*//' "requirements/debian-$list"; done | xargs
}

missing_packages() {
    for package in "$@"; do # Debian 13 renamed some to NAMEt64
        dpkg-query -W -f '${db:Status-Status}\n' "$package" "${package}t64" \
            2>/dev/null | grep -qx installed || printf '%s ' "$package"
    done
}

install_packages() { # or say how
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 0
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        say "Some of Debian's packages are missing. To install them:"
        say "    sudo apt-get install --no-install-recommends $missing"
        return 0
    fi
    say "Installing Debian's packages: $missing"
    # shellcheck disable=SC2086
    if ! { DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
            -o DPkg::Lock::Timeout=300 install $missing >/dev/null; } </dev/null; then
        say "apt-get failed; going on without: $missing"
    fi
}

find_python() {
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        # What is on the path may be a wrapper that does not start: ask it.
        # The upper end is that of the pinned PySide6.
        if "$python" -c 'import sys
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            printf '%s\n' "$python"
            return 0
        fi
    done
    say "SEMS Tray needs Python 3.11 to 3.14; here, python3 is" \
        "$(python3 --version 2>/dev/null || echo missing)."
    say "Where a fitting one has another name: make PYTHON=/path/to/python3.12 ..."
    return 1
}

make_venv() {
    [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null && return 0
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian keeps these in a package of their own.
        install_packages python3-venv
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            say "$python cannot make virtual environments: its venv module is" \
                "missing. On Debian or Ubuntu: sudo apt-get install python3-venv"
            return 1
        fi
    fi
    say "Making a virtual environment in $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

stamp() { # changes when the environment must be renewed
    { pwd -P && cat "requirements/$1.txt" pyproject.toml; } | cksum
}

up_to_date() {
    [ -f "$venv/stamp-$1" ] && [ "$(cat "$venv/stamp-$1")" = "$(stamp "$1")" ]
}

fill_venv() {
    up_to_date "$1" && return 0
    [ "$1" = run ] && up_to_date test && return 0 # test holds all of run
    say "Installing the pinned Python packages ($1)"
    "$venv/bin/python" -m pip --disable-pip-version-check install -qq \
        --require-hashes -r "requirements/$1.txt"
    if [ "$1" != bundle ]; then
        "$venv/bin/python" -m pip --disable-pip-version-check install -qq \
            --no-deps --no-build-isolation -e .
    fi
    stamp "$1" >"$venv/stamp-$1"
}

case $set_name in
test) packages=$(debian_packages run test) ;;
*) packages=$(debian_packages run) ;;
esac
# shellcheck disable=SC2086
install_packages $packages
# A folder that was moved has a virtual environment that points elsewhere.
if [ -d "$venv" ] && ! [ "$(cat "$venv/made-in" 2>/dev/null)" = "$(pwd -P)" ]; then
    rm -rf "$venv"
fi
make_venv
pwd -P >"$venv/made-in"
[ "$set_name" = bundle ] && fill_venv run
fill_venv "$set_name"
