# What every program may call. Variables set before: lease token.
printf '%s\n' "$PPID" >.group

# Before each step that changes something: leaves the program with 97 when a newer token holds the target.
still_mine() {
  [ "$lease" ] || return 0
  seen=''
  { read -r seen <"$lease/token"; } 2>/dev/null
  [ "$seen" = "$token" ] && return 0
  true >"$RUN/.overtaken"
  printf 'tandem: token %s was overtaken by token %s: stopping before the next step\n' "$token" "${seen:-(none)}" >&2
  exit 97
}

# Starts something that shall live on: its own session, no lock, no hold on the journal.
free() {
  if [ /proc/self/fd/2 -ef "$RUN/.out" ]; then free_alone "$@" 2>/dev/null; else free_alone "$@"; fi
}
free_alone() {
  if [ /proc/self/fd/1 -ef "$RUN/.out" ]; then
    setsid -f "$@" </dev/null >/dev/null 9>&-
  else
    setsid -f "$@" </dev/null 9>&-
  fi
}
