# What ./run, ./test and bin/lock share: Python, the virtual environment, system packages.
# Sourced by sh with the repository's root as the working folder.

python=
stamps=.venv/echodepth

say() { printf '%s\n' "$*"; }
stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    stop "EchoDepth needs Python 3.11 or newer; none was found.
Debian 12 and Ubuntu 24.04 have it:  sudo apt-get install -y python3
macOS:  brew install python@3.12"
}

# Those of the named Debian packages that are not installed, on one line.
missing_packages() {
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || :
    missing=
    for name in "$@"; do
        printf '%s\n' "$installed" | grep -qxF "$name installed" || missing="$missing $name"
    done
    printf '%s' "${missing# }"
}

apt_line() { say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $1"; }

# Package lists are fetched once, and only when something is missing: on a fresh machine there are none.
# What apt-get says is shown when it fails, and then only.
apt_install() {
    say "Installing from the system's packages: $1"
    apt_log=$(mktemp)
    apt="apt-get -qq -o DPkg::Lock::Timeout=120"
    [ -n "${apt_updated:-}" ] || $apt update </dev/null >"$apt_log" 2>&1 || :
    apt_updated=yes
    # shellcheck disable=SC2086 # the names are words of one line
    if DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends $1 </dev/null >>"$apt_log" 2>&1; then
        rm -f "$apt_log"
    else
        cat "$apt_log" >&2
        rm -f "$apt_log"
        return 1
    fi
}

# Needs the named Debian packages: installs them as root, else prints the line to type and stops.
need_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    wanted=$(missing_packages "$@")
    [ -n "$wanted" ] || return 0
    if ! is_root; then
        say "EchoDepth needs some system packages. Please type this line, then start again:" >&2
        apt_line "$wanted" >&2
        exit 1
    fi
    apt_install "$wanted" || stop "Installing $wanted failed; the lines above say why."
}

# Trusted only when made to the end, when no installation was broken off in it, and when its Python still
# finds its packages: after a system upgrade the same path may be another Python.
venv_is_whole() {
    [ -f "$stamps/made" ] && [ ! -e "$stamps/installing" ] &&
        .venv/bin/python -c 'import sys, importlib.util as u; sys.exit(u.find_spec("pip") is None)' 2>/dev/null
}

# Debian's Python comes without what makes a virtual environment.
venv_package() {
    venv_is_whole || "$python" -c 'import ensurepip' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

need_pango_of_homebrew() {
    [ -e /opt/homebrew/lib/libpango-1.0.dylib ] || [ -e /usr/local/lib/libpango-1.0.dylib ] ||
        stop "EchoDepth's PDF reports need Pango. Please type this line, then start again:
  brew install pango"
    # Python from elsewhere than Homebrew does not look there by itself.
    export DYLD_FALLBACK_LIBRARY_PATH="/opt/homebrew/lib:/usr/local/lib:${DYLD_FALLBACK_LIBRARY_PATH:-}"
}

# All that Python packages cannot bring, in one go, so that there is one line to type.
need_system() {
    find_python
    if [ "$(uname -s)" = Darwin ]; then
        need_pango_of_homebrew
        return
    fi
    # shellcheck disable=SC2046 # no package is no word
    need_packages $(venv_package) libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
}

need_venv() {
    if venv_is_whole; then
        return
    fi
    say "Making the virtual environment .venv"
    "$python" -m venv --clear .venv || stop "The virtual environment could not be made; the lines above say why."
    mkdir -p "$stamps"
    : >"$stamps/made"
}

# need_lock LOCK NOTE ALSO...: installs what LOCK pins, by hash. The stamp, a copy of the lock, is written
# after success alone, so that a break is never mistaken for done; a break in the middle of writing packages
# costs the environment. ALSO are locks that LOCK contains.
need_lock() {
    lock=$1
    note=$2
    shift 2
    if cmp -s "$lock" "$stamps/$lock"; then
        return
    fi
    say "Installing Python packages ($note)"
    rm -f "$stamps"/*.lock
    : >"$stamps/installing"
    if ! .venv/bin/python -m pip install -qq --progress-bar off --disable-pip-version-check \
        --require-hashes -r "$lock" </dev/null; then
        rm -f "$stamps/installing" # pip itself took back what it had begun
        stop "The Python packages could not be installed; is the network there? Start again when it is."
    fi
    for done in "$lock" "$@"; do
        cp "$done" "$stamps/$done.part"
        mv "$stamps/$done.part" "$stamps/$done"
    done
    rm -f "$stamps/installing"
}
