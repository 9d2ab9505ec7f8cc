# Takes back what prepare may have done: the slot that never got traffic is stopped and emptied.

state_of "$RELEASE"
case $STATE in
building) rm -rf "$A/releases/$RELEASE.part" "$A/releases/$RELEASE.state" ;;
staged | ready | live) demote "its change was undone" ;;
esac
look "$A/live"
if [ "$LOOK" != "$SLOT" ] && [ -e "$A/slots/$SLOT" ]; then
  release_in "$SLOT"
  if [ -z "$IN" ] || [ "$IN $HAS" = "$RELEASE $SPEC" ]; then
    [ "$FRONT" != none ] && [ -S "$FRONT_SOCKET" ] && front_do "set server $NAME/$SLOT state maint"
    stop_all "$SLOT"
    rm -rf "${A:?}/slots/$SLOT"
  fi
fi
tell "gone"
