# Processes under systemd: one template unit per process, its instances are the slots.

# Units change seldom; a reload of systemd is dear, so it happens only then.
install_units() {
  look "$A/units"
  if [ "$LOOK" = "$UNITS_HASH" ]; then return 0; fi
  still_mine
  printf '%s' "$UNITS" >"$RUN/units"
  while read -r nth name; do
    unit=/etc/systemd/system/$name
    eval "text=\$UNIT_$nth"
    printf '%s' "$text" >"$unit.new" && mv -fT "$unit.new" "$unit" ||
      trouble "cannot write $unit" "look at the disk of this host and deploy again"
  done <"$RUN/units"
  # Links made by hand: `systemctl enable` would reload systemd once more.
  for unit in "tandem-$NAME.service:multi-user" ${TIMERS:+$(printf "tandem-$NAME-%s.timer:timers " $TIMERS)}; do
    wants=/etc/systemd/system/${unit##*:}.target.wants
    [ -d "$wants" ] || mkdir -p "$wants"
    ln -sfn "/etc/systemd/system/${unit%:*}" "$wants/${unit%:*}"
  done
  systemctl daemon-reload || trouble "systemctl daemon-reload failed" "run it on this host and mend what it says"
  # The names that were ever written stand below, until no slot needs them.
  { printf '%s\n' "$UNITS_HASH" && { sed 1d "$A/units" 2>/dev/null; cut -d ' ' -f 2 "$RUN/units"; } | sort -u; } >"$A/units.new" &&
    mv -fT "$A/units.new" "$A/units"
}

# svc_start SLOT SERVICE…
svc_start() { units start "$@"; }

svc_stop() { units stop "$@"; }

# All of them in one call, for each costs systemd a turn.
units() {
  verb=$1 slot=$2 list=
  shift 2
  for service in "$@"; do list="$list tandem-$NAME-$service@$slot.service"; done
  [ -z "$list" ] || systemctl "$verb" $list
}

# svc_pid SLOT SERVICE: sets PID to its main process, empty if it does not run. What was seen last is still true when
# that process lives in the cgroup of the unit, and a process that is alone there is the one; otherwise systemd is asked,
# which costs a fork here and a turn there.
svc_pid() {
  look "$A/slots/$1/$2.pid"
  PID=$LOOK
  [ -n "$PID" ] && in_unit "$PID" "tandem-$NAME-$2@$1.service" && return 0
  PID=
  alone_in /sys/fs/cgroup/system.slice/*/"tandem-$NAME-$2@$1.service/cgroup.procs" ||
    PID=$(systemctl show -p MainPID --value "tandem-$NAME-$2@$1.service" 2>/dev/null)
  [ "$PID" = 0 ] && PID=
  [ -n "$PID" ] && [ -d "$A/slots/$1" ] && printf '%s\n' "$PID" >"$A/slots/$1/$2.pid"
  return 0
}

alone_in() {
  [ -e "$1" ] || return 1
  { read -r PID && ! read -r _; } <"$1"
}

in_unit() {
  [ -e "/proc/$1/cgroup" ] || return 1
  while IFS= read -r line; do
    case $line in *"/$2") return 0 ;; esac
  done <"/proc/$1/cgroup"
  return 1
}

# The lines of this start alone: not those of what ran in the slot before. The journal first takes in what it was sent;
# lines of a process that ended before the journal looked at it carry no invocation, and are found by their time.
svc_log() {
  unit="tandem-$NAME-$2@$1.service"
  started=$(systemctl show -p InvocationID --value "$unit" 2>/dev/null)
  journalctl --sync 2>/dev/null
  journalctl "_SYSTEMD_INVOCATION_ID=$started" -n 15 -o cat --no-pager -q >"$RUN/log" 2>/dev/null
  [ -s "$RUN/log" ] && return
  since=$(systemctl show -p InactiveExitTimestamp --value "$unit" 2>/dev/null)
  journalctl "_SYSTEMD_UNIT=$unit" --since "$since" -n 15 -o cat --no-pager -q >"$RUN/log" 2>/dev/null
}

# Processes that keep to a schedule need to be told once.
start_timers() {
  for timer in $TIMERS; do systemctl start "tandem-$NAME-$timer.timer"; done
}

as_user() { runuser -u "$APP_USER" -- "$@"; }

# Units that are of no slot any more go: a timer would go on for ever.
drop_units() {
  needed=" tandem-$NAME.service "
  for timer in $TIMERS; do needed="$needed tandem-$NAME-$timer.service tandem-$NAME-$timer.timer "; done
  for slot in a b; do
    [ -d "$A/slots/$slot" ] || continue
    services_of $slot
    for service in $LISTED; do needed="$needed tandem-$NAME-$service@.service "; done
  done
  dropped=
  {
    read -r hash
    while read -r unit; do
      case $needed in *" $unit "*) ;; *) dropped="$dropped $unit" ;; esac
    done
  } <"$A/units"
  [ -z "$dropped" ] || take_off $dropped
}

take_off() {
  for unit in "$@"; do
    case $unit in *.timer) systemctl stop "$unit" ;; esac
    rm -f "/etc/systemd/system/$unit" "/etc/systemd/system/timers.target.wants/$unit"
  done
  systemctl daemon-reload
  printf '%s\n' "$@" >"$RUN/dropped"
  grep -vxFf "$RUN/dropped" "$A/units" >"$A/units.new" && mv -fT "$A/units.new" "$A/units"
}
