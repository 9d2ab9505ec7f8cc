# retire.sh SLOT TOKEN: stops what a deploy left warm in a slot, unless a later change has used the slot since.
A=${0%/retire.sh}
. "$A/retire.lock"
. "$A/retire.words"
exec 9>>"$LOCK" || exit 1
flock 9
look "$A/retiring"
[ "$LOOK" = "$2" ] || exit 0
look "$A/live"
[ "$LOOK" = "$1" ] && exit 0
[ -e "$A/flip" ] && exit 0
stop_all "$1"
rm -f "$A/retiring"
