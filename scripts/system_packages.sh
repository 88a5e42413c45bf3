#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: scripts/system_packages.sh TASK [PYTHON]
# Sees to what a task needs of the system. Root gets what is missing, everybody else is told its name.
set -euo pipefail

task=${1:?a task: libraries, build, asan, tsan, fuzz or engines}
python=${2:-python3}

# Where Homebrew keeps headers; harmless elsewhere.
includes=(-I/opt/homebrew/include -I/opt/homebrew/opt/openssl@3/include -I/usr/local/opt/openssl@3/include)

has_command() { command -v "$1" >/dev/null; }
has_header() { echo "#include <$1>" | cc "${includes[@]}" -DPCRE2_CODE_UNIT_WIDTH=8 -E - >/dev/null 2>&1; }
compiles() { echo 'int main(){return 0;}' | "$@" -o /dev/null - >/dev/null 2>&1; }
has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
has_python_header() {
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
}
can_fuzz() {
    echo 'extern "C" int LLVMFuzzerTestOneInput(const char *, unsigned long) { return 0; }' |
        clang++ -fsanitize=fuzzer,address,undefined -x c++ -o /dev/null - >/dev/null 2>&1
}

# One row a need: the test for it | the packages of Debian | of Homebrew | of Fedora and its kin | of Alpine
libraries='
compiles cc -x c|gcc libc6-dev|gcc|gcc|gcc musl-dev
compiles c++ -x c++|g++|gcc|gcc-c++|g++
has_command make|make|make|make|make
has_header openssl/ssl.h|libssl-dev|openssl@3|openssl-devel|openssl-dev
has_header zlib.h|zlib1g-dev|zlib|zlib-devel|zlib-dev
has_header yaml.h|libyaml-dev|libyaml|libyaml-devel|yaml-dev
has_header uv.h|libuv1-dev|libuv|libuv-devel|libuv-dev
has_header pcre2.h|libpcre2-dev|pcre2|pcre2-devel|pcre2-dev
has_header utf8proc.h|libutf8proc-dev|utf8proc|utf8proc-devel|utf8proc-dev'
interpreter="
has_command $python|python3|python|python3|python3
has_python_header|python3-dev|python|python3-devel|python3-dev
has_venv|python3-venv|python|python3|python3"

case $task in
libraries) needs=$libraries ;;
build) needs=$libraries$interpreter ;;
asan) needs='compiles cc -x c -fsanitize=address,undefined|libasan8 libubsan1|gcc|libasan libubsan|gcc' ;;
tsan) needs='compiles cc -x c -fsanitize=thread|libtsan2|gcc|libtsan|gcc' ;;
fuzz) needs='can_fuzz|clang libclang-rt-dev|llvm|clang compiler-rt|clang compiler-rt' ;;
engines) needs='has_command java|default-jre-headless|openjdk|java-latest-openjdk-headless|openjdk21-jre-headless' ;;
*)
    echo "$0: no such task: $task" >&2
    exit 2
    ;;
esac

# The packages of the rows whose test fails, by their name in a column of the table.
missing() {
    local probe names
    while IFS='|' read -r probe names; do
        # shellcheck disable=SC2086 # a probe is a command with its arguments
        [ -z "$probe" ] || $probe </dev/null || cut -d'|' -f"$1" <<<"$names"
    done <<<"$needs" | sort -u | xargs
}

refuse() {
    echo "$*" >&2
    exit 1
}

# A Python that was chosen must be there, and be new enough; python3 can be installed.
if [ "$task" = build ] && { [ "$python" != python3 ] || has_command python3; }; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
        refuse "$python is no Python 3.10 or later; choose another by make PYTHON=..."
fi

# What this system calls packages, how it installs them, and whether this script may.
may_install=$([ "$(id -u)" = 0 ] && echo yes || echo no)
if [ "$(uname)" = Darwin ]; then
    column=2 install=(brew install) may_install=${CIBUILDWHEEL:+yes}
elif has_command dnf; then
    column=3 install=(dnf install -y -q)
elif has_command apk; then
    column=4 install=(apk add -q)
else
    column=1 install=(apt-get -qq install -y --no-install-recommends)
fi

packages=$(missing $column)
if [ -n "$packages" ] && [ "$may_install" = yes ] && has_command "${install[0]}"; then
    echo "installing $packages"
    case ${install[0]} in
    apt-get) apt-get -qq update </dev/null ;;
    dnf) dnf config-manager --set-enabled powertools </dev/null 2>/dev/null || true ;; # libuv-devel of version 8
    esac
    # shellcheck disable=SC2086 # one word a package
    DEBIAN_FRONTEND=noninteractive "${install[@]}" $packages </dev/null >/dev/null
    packages=$(missing $column)
    [ -z "$packages" ] || refuse "Still missing for '$task' after installation: $packages"
fi
hints=('' 'sudo apt-get install' 'brew install' 'sudo dnf install' 'sudo apk add')
[ -z "$packages" ] || refuse "Missing for '$task': $packages. Install with: ${hints[$column]} $packages"
