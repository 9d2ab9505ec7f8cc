# What the hub must know of this host before it plans. Changes nothing.

[ "$FRONT" = haproxy ] && ! command -v haproxy >/dev/null && tell "missing haproxy"
command -v perl >/dev/null || tell "missing perl"
for slot in a b; do
  release_in $slot
  [ -z "$IN" ] && continue
  svc_pid $slot "$MAIN"
  tell "slot $slot $IN $HAS ${PID:-0}"
done
look "$A/live"
[ -n "$LOOK" ] && tell "live $LOOK"
look "$A/flip"
[ -n "$LOOK" ] && tell "flip $LOOK"
case $FRONT in
none) tell "front -" ;;
local) svc_pid front front && [ -n "$PID" ] && look "$ROOT/front/$NAME.hash" && tell "front $LOOK" ;;
haproxy) [ -S "$FRONT_SOCKET" ] && look "$ROOT/front/$NAME.hash" && tell "front $LOOK" ;;
esac
for file in "$A"/releases/*.state; do
  [ -e "$file" ] || continue
  look "$file"
  id=${file##*/}
  tell "release ${id%.state} ${LOOK%% *}"
done
tell "end"
