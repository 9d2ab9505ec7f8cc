# start_and_wait SLOT: starts the main process and waits until it answers as it should; otherwise says why not.
start_and_wait() {
  [ -z "$MAIN" ] && return 0
  still_mine
  svc_start "$1" "$MAIN" >"$RUN/start" 2>&1 || never_ready "$1" "it did not start"
  svc_pid "$1" "$MAIN"
  [ -z "$PID" ] && never_ready "$1" "it ended at once"
  if [ -z "$PORT" ]; then
    stays_up "$1"
    return 0
  fi
  eval "port=\$PORT_$1"
  perl -e "$READY_PL" "$port" "$HEALTH_PATH" "$HEALTH_STATUS" "$HEALTH_WITHIN_MS" "$PID" >"$RUN/ready" 2>&1 && return 0
  IFS= read -r said <"$RUN/ready"
  never_ready "$1" "$said"
}

# Without a port to ask, a process that stays for a second is taken as up.
stays_up() {
  first=$PID
  sleep 1
  svc_pid "$1" "$MAIN"
  [ "$PID" = "$first" ] || never_ready "$1" "it did not stay up for a second"
}

never_ready() {
  svc_log "$1" "$MAIN"
  tail_of "$RUN/log"
  stop_all "$1"
  demote "never ready"
  trouble "the new release does not become ready: $2" "read its last lines, mend it and deploy again"
}
