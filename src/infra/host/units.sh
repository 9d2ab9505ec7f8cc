# Units of systemd.

standing() {
  ENABLED=no ACTIVE=no MASKED=no STATE=''
  properties=$(systemctl show -p ActiveState -p UnitFileState -p LoadState -- "$1" 2>/dev/null)
  for property in $properties; do
    case $property in
    UnitFileState=enabled) ENABLED=yes ;;
    UnitFileState=masked | LoadState=masked) MASKED=yes ;;
    LoadState=not-found) STATE=none ;;
    ActiveState=active | ActiveState=activating | ActiveState=reloading | ActiveState=refreshing) ACTIVE=yes ;;
    esac
  done
}

# as_wished WISH IS: `-` wishes nothing
as_wished() { [ "$1" = - ] || [ "$1" = "$2" ]; }

# unit UNIT ENABLED RUNNING MASKED BEFORE: yes, no or -; BEFORE is `ENABLED RUNNING MASKED`, or any.
unit() {
  standing "$1"
  as_wished "$2" $ENABLED && as_wished "$3" $ACTIVE && as_wished "$4" $MASKED && {
    done_as same
    return 0
  }
  was="$ENABLED $ACTIVE $MASKED"
  [ "$5" = any ] || [ "$5" = "$was" ] || [ -s "$U/$N.was" ] ||
    give_up "$1 moved since the plan: enabled, running and masked were to be $5, and are $was" 'look at who changed it there, and plan again'
  record "$was"
  set_unit "$1" "$2" "$3" "$4"
  standing "$1"
  as_wished "$2" $ENABLED && as_wished "$3" $ACTIVE && as_wished "$4" $MASKED || quick_unit "$1" "$3" ||
    give_up "$1 is not as it was told to be: enabled, running and masked are $ENABLED $ACTIVE $MASKED" "see \`systemctl status $1\` there"
  done_as changed
}

# What does one thing and ends well is never seen running.
quick_unit() { [ "$2" = yes ] && [ "$(systemctl show -p Type -p Result --value -- "$1")" = "oneshot${nl}success" ]; }

set_unit() {
  [ "$4" != no ] || must systemctl unmask --quiet -- "$1"
  case $2 in
  yes) must systemctl enable --quiet -- "$1" ;;
  no) must systemctl disable --quiet -- "$1" ;;
  esac
  case $3 in
  yes) start start "$1" ;;
  no) must systemctl stop -- "$1" ;;
  esac
  [ "$4" != yes ] || must systemctl mask --quiet -- "$1"
}

# start start|restart UNIT: that systemctl is content proves nothing: its main process must be the same for a second.
start() {
  systemctl reset-failed -- "$2" 2>/dev/null
  systemctl "$1" -- "$2" >"$RUN/said" 2>&1 9>&- && stays "$2" && return 0
  tail_of "$RUN/said"
  journal_of "$2"
  give_up "$2 does not stay up after a $1" 'read its last lines, mend it and apply again'
}

stays() {
  case $1 in *.service) ;; *) return 0 ;; esac
  pid=$(systemctl show -p MainPID -p NRestarts --value -- "$1")
  case $pid in 0"$nl"*) return 0 ;; esac
  sleep 1
  [ "$(systemctl show -p MainPID -p NRestarts --value -- "$1")" = "$pid" ] || {
    # One that ends well by itself may.
    [ "$(systemctl show -p Result -p NRestarts --value -- "$1")" = "success$nl${pid#*$nl}" ]
  }
}

journal_of() {
  started=$(systemctl show -p InvocationID --value -- "$1")
  journalctl --sync 2>/dev/null
  journalctl "_SYSTEMD_INVOCATION_ID=$started" + "INVOCATION_ID=$started" -n 12 -o cat --no-pager >"$RUN/log" 2>/dev/null
  tail_of "$RUN/log"
}

undo_unit() {
  systemctl daemon-reload
  set -- "$1" $was
  standing "$1"
  [ "$STATE" != none ] || return 0
  [ "$MASKED" = "$4" ] || [ "$4" = yes ] || must systemctl unmask --quiet -- "$1"
  [ "$ENABLED" = "$2" ] || case $2 in
  yes) must systemctl enable --quiet -- "$1" ;;
  no) must systemctl disable --quiet -- "$1" ;;
  esac
  [ "$ACTIVE" = "$3" ] || case $3 in
  yes) start start "$1" ;;
  no) must systemctl stop -- "$1" ;;
  esac
  [ "$3" = yes ] || systemctl reset-failed -- "$1" 2>/dev/null
  [ "$4" = no ] || must systemctl mask --quiet -- "$1"
}
