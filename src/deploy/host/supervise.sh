# supervise.sh SLOT_DIR SERVICE: runs SLOT_DIR/SERVICE.sh and starts it again when it falls, until SERVICE.stop is there,
# the slot is gone, or another supervisor has begun in its place: then SERVICE.keeper names that one.
dir=$1
service=$2
cd "$dir" || exit 1
pause=0.2

# The slot is this folder alone: one that was emptied and filled again has the same path, and is not ours.
ours() { { read -r keeper <"$service.keeper"; } 2>/dev/null && [ "$keeper" = "$$" ]; }

printf '%s\n' "$$" >"$service.keeper"
while ours && [ ! -e "$service.stop" ]; do
  setsid /bin/sh "$dir/$service.sh" </dev/null >>"$service.log" 2>&1 9>&- &
  pid=$!
  read -r stat <"/proc/$pid/stat"
  set -- ${stat##*) }
  printf '%s\n' "$pid ${20}" >"$service.pid.new" && mv -f "$service.pid.new" "$service.pid"
  wait "$pid"
  code=$?
  ours && [ ! -e "$service.stop" ] || break
  printf 'ended with %s; started again\n' "$code" >>"$service.log"
  sleep "$pause"
  pause=1
  # A log nobody rotates must not fill the disk.
  [ "$(wc -c <"$service.log" 2>/dev/null || echo 0)" -gt 5000000 ] && : >"$service.log"
done
! ours || rm -f "$service.pid"
