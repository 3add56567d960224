#!/bin/sh
# every SECONDS COMMAND…: run a command, wait, and run it again, until told to end. A timer for containers.
#
# A command that fails is told of and tried again after the pause: a failed run leaves the previous release, and nothing
# would be gained by ending the container. SIGTERM ends the command at once; a run that is killed has published nothing.
set -u
pause=$1
shift
end() {
    trap '' TERM INT
    [ -z "${!:-}" ] || kill -TERM "$!" 2>/dev/null
    wait
    exit 0
}
trap end TERM INT
while :; do
    "$@" &
    wait "$!" || echo "every: '$*' ended with $?" >&2
    sleep "$pause" &
    wait "$!" || true
done
