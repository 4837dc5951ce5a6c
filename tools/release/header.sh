#!/bin/sh
if [ "$(wc -c < "$0")" -ne @@SIZE@@ ]; then
    echo "$0 is not whole: its download was cut off, or it was changed. Download it again." >&2
    exit 1
fi
# A policy pack for Pulumi as one file: this script, and behind it a ZIP archive that Python @PYTHON@ runs.
# `--help` says what it can do. To look inside: unzip -l FILE.
newline='
'
for name in python@PYTHON@ python3 python; do
    # What a name stands for may take long to find it out, and may print first: so the Python itself is run below.
    python=$("$name" -ISc 'import sys, zlib; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@" or print(sys.executable))' 2> /dev/null) ||
        continue
    python=${python##*"$newline"}
    [ -x "$python" ] || python=$name
    # -I and -S: with its own libraries alone. -u: the engine waits for the port, which the SDK does not flush.
    exec "$python" -ISu "$0" "$@"
done
echo "$0 needs Python @PYTHON@ on PATH. Install it, or take the file for the Python that you have, or the pack's folder." >&2
exit 1
