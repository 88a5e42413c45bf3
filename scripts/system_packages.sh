#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: scripts/system_packages.sh TASK [PYTHON]
# Sees to what a task needs of the system. Root on Debian gets what is missing; everybody else is told its name.
set -euo pipefail

task=${1:?a task: build, asan, fuzz or wheel}
python=${2:-python3}

# Where Homebrew keeps headers; harmless elsewhere.
includes=(-I/opt/homebrew/include -I/opt/homebrew/opt/openssl@3/include -I/usr/local/opt/openssl@3/include)

has_command() { command -v "$1" >/dev/null; }
has_header() { echo "#include <$1>" | cc "${includes[@]}" -E - >/dev/null 2>&1; }
compiles() { echo 'int main(){return 0;}' | "$@" -o /dev/null - >/dev/null 2>&1; }
has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
has_python_header() {
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
}
can_fuzz() {
    echo 'extern "C" int LLVMFuzzerTestOneInput(const char *, unsigned long) { return 0; }' |
        clang++ -fsanitize=fuzzer,address,undefined -x c++ -o /dev/null - >/dev/null 2>&1
}

# One row a need: the test for it | Debian's package | Homebrew's
needs() {
    case $task in
    build)
        cat <<-TABLE
		has_command $python|python3|python
		compiles cc -x c|gcc libc6-dev|gcc
		compiles c++ -x c++|g++|gcc
		has_command make|make|make
		has_header openssl/ssl.h|libssl-dev|openssl@3
		has_header zlib.h|zlib1g-dev|zlib
		has_header yaml.h|libyaml-dev|libyaml
		has_header uv.h|libuv1-dev|libuv
		has_python_header|python3-dev|python
		has_venv|python3-venv|python
		TABLE
        ;;
    asan) echo 'compiles cc -x c -fsanitize=address,undefined|libasan8 libubsan1|gcc' ;;
    fuzz) echo 'can_fuzz|clang libclang-rt-dev|llvm' ;;
    wheel) ;;
    *)
        echo "$0: no such task: $task" >&2
        exit 2
        ;;
    esac
}

# The packages of the rows whose test fails; `column` is 1 for Debian's name, 2 for Homebrew's.
missing() {
    local column=$1 probe debian homebrew
    while IFS='|' read -r probe debian homebrew; do
        # shellcheck disable=SC2086 # a probe is a command with its arguments
        $probe </dev/null || if [ "$column" = 1 ]; then echo "$debian"; else echo "$homebrew"; fi
    done < <(needs) | sort -u | xargs
}

refuse() {
    echo "$*" >&2
    exit 1
}

if [ "$(uname)" = Darwin ]; then
    packages=$(missing 2)
    [ -z "$packages" ] || refuse "Missing for '$task': $packages. Install with: brew install $packages"
else
    packages=$(missing 1)
    if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && has_command apt-get; then
        echo "installing the Debian packages $packages"
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update </dev/null
        # shellcheck disable=SC2086 # one word a package
        apt-get -qq install -y --no-install-recommends $packages </dev/null >/dev/null
        packages=$(missing 1)
        [ -z "$packages" ] || refuse "Still missing for '$task' after installation: $packages"
    fi
    [ -z "$packages" ] || refuse "Missing for '$task', by the names of Debian's packages: $packages." \
        "Install with: sudo apt-get install $packages"
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    refuse "$python is $("$python" --version); Python 3.10 or later is needed (make PYTHON=...)."
