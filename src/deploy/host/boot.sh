# boot.sh: starts what was live when this host went down.
A=${0%/boot.sh}
. "$A/retire.words"
look "$A/live"
[ -n "$LOOK" ] && start_all "$LOOK"
