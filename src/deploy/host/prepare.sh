# Starts the release in the slot that was filled with it, and waits until it is ready. No traffic moves.

look "$A/live"
LIVE=$LOOK
release_in "$SLOT"
[ "$LIVE $IN $HAS" = "$OLD_SLOT $RELEASE $SPEC" ] ||
  trouble "this host moved since the plan: slot $SLOT no longer has the release" "order it again: it will be planned anew"
front_ready
[ "$FRONT" = none ] || start_and_wait "$SLOT"
mark "$RELEASE" ready
tell "ready"
