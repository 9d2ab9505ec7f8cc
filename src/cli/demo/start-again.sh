# Starts what was live when it was stopped: the front of each app, and the processes of its live slot.
# What runs is left alone, so a demo whose hub was killed goes on.

# runs DIR NAME: the process of that name is alive, and is still ours.
runs() {
  pid=
  { read -r pid _ <"$1/$2.pid"; } 2>/dev/null
  [ -n "$pid" ] || return 1
  case $(readlink "/proc/$pid/cwd") in "$ROOT"/*) return 0 ;; esac
  return 1
}

for live in "$ROOT"/apps/*/live; do
  [ -e "$live" ] || continue
  app=${live%/live}
  IFS= read -r slot <"$live"
  for file in "$app"/slots/front/*.sh "$app/slots/$slot"/*.sh; do
    [ -e "$file" ] || continue
    dir=${file%/*}
    name=${file##*/}
    name=${name%.sh}
    runs "$dir" "$name" && continue
    rm -f "$dir/$name.stop" "$dir/$name.pid"
    free /bin/sh "$app/supervise.sh" "$dir" "$name"
    printf 'started %s\n' "$name"
  done
done
exit 0
