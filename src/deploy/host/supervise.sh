# supervise.sh SLOT_DIR SERVICE: runs SLOT_DIR/SERVICE.sh and starts it again when it falls, until SERVICE.stop is there.
dir=$1
service=$2
cd "$dir" || exit 1
pause=0.2
while [ ! -e "$service.stop" ]; do
  setsid /bin/sh "$dir/$service.sh" </dev/null >>"$service.log" 2>&1 9>&- &
  pid=$!
  read -r stat <"/proc/$pid/stat"
  set -- ${stat##*) }
  printf '%s\n' "$pid ${20}" >"$service.pid.new" && mv -f "$service.pid.new" "$service.pid"
  wait "$pid"
  [ -e "$service.stop" ] && break
  printf 'ended with %s; started again\n' "$?" >>"$service.log"
  sleep "$pause"
  pause=1
  # A log nobody rotates must not fill the disk.
  [ "$(wc -c <"$service.log")" -gt 5000000 ] && : >"$service.log"
done
rm -f "$service.pid"
