# retire.sh SLOT: stops what the last deploy left warm in a slot, unless a revert has made it live again.
A=${0%/retire.sh}
. "$A/retire.vars"
exec 9>>"$LOCK" || exit 1
flock 9
IFS= read -r live <"$A/live"
[ "$live" = "$1" ] && exit 0
[ -e "$A/flip" ] && exit 0
[ -e "$A/retiring" ] || exit 0
. "$A/retire.services"
svc_stop "$1" $SERVICES
rm -f "$A/retiring"
