# Gives the traffic to the new slot, then holds: it is confirmed, or taken back, by the hub or by the deadline.
# MODE is `hold` for that, `wait` when the hub's word is waited for before, `confirm` to finish what an interrupted
# change had decided, `back` to take it back.

# others_of SLOT: sets OTHERS to what runs there beside the process that the front holds the connections of
others_of() {
  services_of "$1"
  OTHERS=$LISTED
  [ "$FRONT" = none ] || case $LISTED in *' '*) OTHERS=${LISTED#* } ;; *) OTHERS= ;; esac
}

# Checks that the slot still has what the plan put there, and that it runs.
slot_is_right() {
  release_in "$SLOT"
  [ "$IN $HAS" = "$RELEASE $SPEC" ] || trouble "this host moved since the plan: slot $SLOT no longer has the release" "order it again: it will be planned anew"
  [ "$FRONT" = none ] && return 0
  svc_pid "$SLOT" "$MAIN"
  [ -n "$PID" ] && return 0
  front_up
  start_and_wait "$SLOT"
  svc_pid "$SLOT" "$MAIN"
}

forward() {
  put "$A/flip" "$SLOT ${OLD_SLOT:--} $RELEASE"
  still_mine
  if [ "$FRONT" = none ]; then
    in_place "$OLD_SLOT" "$SLOT"
  else
    front_do "set server $NAME/$SLOT state ready" ${OLD_SLOT:+"set server $NAME/$OLD_SLOT state drain"} ||
      trouble "the front refused the switch: $said" "see \`systemctl status tandem-front\` on this host"
    : >"$A/drained"
    [ -z "$OLD_SLOT" ] || { others_of "$OLD_SLOT" && svc_stop "$OLD_SLOT" $OTHERS; }
    others_of "$SLOT"
    svc_start "$SLOT" $OTHERS
  fi
  ln -sfn "slots/$SLOT" "$A/current.new" && mv -fT "$A/current.new" "$A/current"
  state "$RELEASE" live -
}

back() {
  if [ "$FRONT" = none ]; then
    [ -n "$OLD_SLOT" ] && in_place_back
    [ -z "$OLD_SLOT" ] && stop_all "$SLOT"
  else
    if [ -n "$OLD_SLOT" ]; then
      start_all "$OLD_SLOT"
      front_do "set server $NAME/$OLD_SLOT state ready" || tell "step the front refused: $said"
      front_do "set server $NAME/$SLOT state drain"
    else
      front_do "set server $NAME/$SLOT state maint"
    fi
    others_of "$SLOT"
    svc_stop "$SLOT" $OTHERS
  fi
  if [ -n "$OLD_SLOT" ]; then
    ln -sfn "slots/$OLD_SLOT" "$A/current.new" && mv -fT "$A/current.new" "$A/current"
  else
    rm -f "$A/current"
  fi
  demote "taken back"
  rm -f "$A/flip"
}

# No front: the old one ends before the new one begins, for they share the port.
in_place() {
  [ -n "$1" ] && stop_all "$1"
  start_in_place "$2" || {
    said_by_new=$said
    svc_log "$2" "$MAIN"
    tail_of "$RUN/log"
    back
    trouble "the new release does not become ready: $said_by_new" "read its last lines, mend it and deploy again"
  }
}

in_place_back() {
  stop_all "$SLOT"
  start_all "$OLD_SLOT"
}

start_in_place() {
  said="it did not start"
  start_all "$1" || return 1
  svc_pid "$1" "$MAIN"
  [ -n "$PID" ] || return 1
  if [ -z "$PORT" ]; then
    first=$PID
    sleep 1
    svc_pid "$1" "$MAIN"
    said="it did not stay up for a second"
    [ "$PID" = "$first" ]
    return
  fi
  perl -e "$READY_PL" "$PORT" "$HEALTH_PATH" "$HEALTH_STATUS" "$HEALTH_WITHIN_MS" "$PID" >"$RUN/ready" 2>&1 && return 0
  IFS= read -r said <"$RUN/ready"
  return 1
}

confirm() {
  still_mine
  keep "$A/releases/$RELEASE.state" "healthy $TOKEN $CHANGE -" "$A/live" "$SLOT"
  rm -f "$A/flip"
  tell "confirmed"
  start_timers
  drop_units
  [ "$FRONT" != none ] && [ -n "$OLD_SLOT" ] && retire_later "$OLD_SLOT" "$WARM_S"
  prune
}

# Keeps the newest KEEP good releases and the two newest failed ones, and every one that a slot or a process still uses.
prune() {
  set -- "$A"/releases/*.state
  [ $# -le "$KEEP" ] && return 0
  used=$(readlink "$A"/slots/*/release /proc/[0-9]*/cwd /proc/[0-9]*/exe 2>/dev/null)
  for file in "$@"; do
    look "$file"
    id=${file##*/}
    printf '%s %s\n' "$LOOK" "${id%.state}"
  done | sort -k2,2nr >"$RUN/releases"
  good=0 bad=0 gone=
  while read -r what _ _ line; do
    id=${line##* }
    case $what in
    healthy) good=$((good + 1)); [ $good -le "$KEEP" ] && continue ;;
    failed) bad=$((bad + 1)); [ $bad -le 2 ] && continue ;;
    *) continue ;;
    esac
    case $used in *"/$id"*) continue ;; esac
    gone="$gone $id $id.part $id.state"
  done <"$RUN/releases"
  [ -z "$gone" ] || (cd "$A/releases" && rm -rf $gone)
  return 0
}

# hold_on WORD: ends with 0 when the hub says it
hold_on() {
  perl -e "$HOLD_PL" -- "$1" "$RUN/ctl" "$MARK" "$FRONT_SOCKET" "$NAME" "$SLOT" "$OLD_SLOT" "${PID:-0}" "$HOLD_S" "$lease/token" "$TOKEN"
}

# Prepared and not wanted any more: what was prepared stays, to be undone by a program of its own.
if [ "$MODE" = wait ]; then
  hold_on switch
  case $? in
  0) MODE=hold ;;
  97) still_mine ;;
  *) exit 0 ;;
  esac
fi
look "$A/live"
LIVE=$LOOK
look "$A/flip"
case $MODE in
hold)
  [ "$LIVE" = "$OLD_SLOT" ] || trouble "this host moved since the plan: slot ${LIVE:-none} is live, the plan saw ${OLD_SLOT:-none}" "order it again: it will be planned anew"
  unflip
  keep_warm
  slot_is_right
  forward
  svc_pid "$SLOT" "$MAIN"
  tell "live"
  hold_on confirm
  case $? in
  0) confirm ;;
  97) still_mine ;;
  *)
    back
    tell "back"
    ;;
  esac
  ;;
confirm)
  if [ "$LIVE" != "$SLOT" ]; then
    keep_warm
    slot_is_right
    forward
    confirm
  else
    tell "confirmed"
  fi
  ;;
back)
  [ "$LIVE" = "$SLOT" ] && trouble "the release was confirmed here already" "look at \`tandem status\`; \`tandem revert\` takes a finished change back"
  [ -n "$LOOK" ] && back
  tell "back"
  ;;
esac
