#!/bin/sh
# Pin what pyproject.toml asks for: requirements/{run,test,bundle}.txt, with hashes,
# for every platform at once. `make requirements` runs it; `UPGRADE=1` takes the newest.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$python" -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install -q uv

compile() { # compile FILE [OPTION ...]
    file=requirements/$1.txt
    shift
    # The files name no index and no folder of this machine.
    "$tmp/venv/bin/uv" -q pip compile pyproject.toml -o "$file" "$@" \
        --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --annotation-style line \
        --custom-compile-command "make requirements" ${UPGRADE:+--upgrade}
    if grep -nE '://|--|file:|^ *-' "$file" | grep -v -- '--hash=sha256:'; then
        echo "$file names a host, a folder or an option" >&2
        exit 1
    fi
}

compile test --group install --group test --group lint
compile run --group install -c requirements/test.txt
compile bundle --group build -c requirements/test.txt
