# Processes without systemd: each has a small supervisor of ours, which starts it again when it falls.

install_units() { :; }

svc_start() {
  slot=$1
  shift
  for service in "$@"; do
    svc_pid "$slot" "$service"
    [ -n "$PID" ] && continue
    rm -f "$A/slots/$slot/$service.stop" "$A/slots/$slot/$service.pid"
    free /bin/sh "$A/supervise.sh" "$A/slots/$slot" "$service"
    tries=0
    while [ ! -s "$A/slots/$slot/$service.pid" ] && [ $tries -lt 100 ]; do
      tries=$((tries + 1))
      sleep 0.02
    done
  done
}

svc_stop() {
  slot=$1
  shift
  [ -d "$A/slots/$slot" ] || return 0
  for service in "$@"; do
    : >"$A/slots/$slot/$service.stop"
    svc_pid "$slot" "$service"
    [ -z "$PID" ] && continue
    # The whole group is told, for a shell before the program would keep the word to itself.
    kill -TERM "-$PID" 2>/dev/null
    tries=0
    while kill -0 "-$PID" 2>/dev/null && [ $tries -lt $((DRAIN_S * 20)) ]; do
      tries=$((tries + 1))
      sleep 0.05
    done
    kill -KILL "-$PID" 2>/dev/null
    rm -f "$A/slots/$slot/$service.pid"
  done
  return 0
}

# A process is known by its number and its start: after a reboot the number may be somebody else's.
svc_pid() {
  look "$A/slots/$1/$2.pid"
  PID=${LOOK%% *}
  start=${LOOK#* }
  { read -r stat <"/proc/$PID/stat"; } 2>/dev/null || { PID=; return 0; }
  set -- ${stat##*) }
  [ "${20}" = "$start" ] || PID=
  return 0
}

svc_log() { tail -n 15 "$A/slots/$1/$2.log" >"$RUN/log" 2>/dev/null; }

start_timers() { :; }

drop_units() { :; }

as_user() { "$@"; }
