# Sourced by the commands beside it: finds Python, and prepares .venv from the lock file named in $lock.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
python=
# On macOS the python3 in PATH may be Apple's own, which is too old, while Homebrew's or python.org's lies elsewhere.
for candidate in "$root/.venv/bin/python" "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python3.14 \
    "${HOMEBREW_PREFIX:-/opt/homebrew}/bin/python3" /Library/Frameworks/Python.framework/Versions/Current/bin/python3 \
    python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null) || found="no python3 at all"
    echo "SMEdash needs Python 3.11 or newer, and this machine has $found. Install it (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python, or the installer from python.org), then run this command again." >&2
    exit 1
fi
"$python" -I "$root/smedash/local/virtual_environment.py" "$lock" || exit 1
