# Processes under systemd: one template unit per process, its instances are the slots.

unit_names() {
  UNITS=
  for service in $SERVICES; do UNITS="$UNITS tandem-$NAME-$service@$1.service"; done
}

# Units change seldom; a reload of systemd is dear, so it happens only then.
install_units() {
  look "$A/units"
  if [ "$LOOK" = "$UNITS_HASH" ]; then return 0; fi
  while read -r nth name; do
    unit=/etc/systemd/system/$name
    cp -f "$RUN/unit.$nth" "$unit.new" && mv -fT "$unit.new" "$unit" ||
      trouble "cannot write $unit" "look at the disk of this host and deploy again"
  done <"$RUN/units"
  systemctl daemon-reload || trouble "systemctl daemon-reload failed" "run it on this host and mend what it says"
  put "$A/units" "$UNITS_HASH"
}

# svc_start SLOT SERVICE…
svc_start() {
  slot=$1
  shift
  list=
  for service in "$@"; do list="$list tandem-$NAME-$service@$slot.service"; done
  [ -z "$list" ] && return 0
  systemctl start $list
}

svc_stop() {
  slot=$1
  shift
  list=
  for service in "$@"; do list="$list tandem-$NAME-$service@$slot.service"; done
  [ -z "$list" ] && return 0
  systemctl stop $list
}

# svc_pid SLOT SERVICE: sets PID to its main process, empty if it does not run
svc_pid() {
  PID=$(systemctl show -p MainPID --value "tandem-$NAME-$2@$1.service" 2>/dev/null)
  [ "$PID" = 0 ] && PID=
  return 0
}

# The lines of this start alone: not those of what ran in the slot before.
svc_log() {
  started=$(systemctl show -p InvocationID --value "tandem-$NAME-$2@$1.service" 2>/dev/null)
  journalctl "_SYSTEMD_INVOCATION_ID=$started" -n 15 -o cat --no-pager >"$RUN/log" 2>/dev/null
}

# What runs after a reboot: links made by hand, for `systemctl enable` reloads systemd each time.
svc_at_boot() {
  wants=/etc/systemd/system/multi-user.target.wants
  mkdir -p "$wants"
  for service in $SERVICES; do
    ln -sfn "/etc/systemd/system/tandem-$NAME-$service@.service" "$wants/tandem-$NAME-$service@$1.service"
    rm -f "$wants/tandem-$NAME-$service@$2.service"
  done
  timers=/etc/systemd/system/timers.target.wants
  for timer in $TIMERS; do
    mkdir -p "$timers"
    ln -sfn "/etc/systemd/system/tandem-$NAME-$timer.timer" "$timers/tandem-$NAME-$timer.timer"
    systemctl start "tandem-$NAME-$timer.timer"
  done
}

# retire_later SLOT SECONDS: the old release stays warm that long, then stops by itself
retire_later() {
  systemd-run --quiet --collect --unit "tandem-$NAME-retire" --on-active "$2" /bin/sh "$A/retire.sh" "$1" >/dev/null 2>&1
  put "$A/retiring" "$1"
}

keep_warm() {
  [ -e "$A/retiring" ] || return 0
  systemctl stop "tandem-$NAME-retire.timer" "tandem-$NAME-retire.service" >/dev/null 2>&1
  rm -f "$A/retiring"
}

as_user() { runuser -u "$APP_USER" -- "$@"; }
