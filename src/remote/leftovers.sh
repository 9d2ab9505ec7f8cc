# What stays in a run folder, and what becomes of one whose supervisor was killed or lost its power before it could
# tidy up. `.relaying` is the first file of a folder and the last to go, so it alone says that there is more.

# Only the journal and the verdict stay of the run whose folder this is: the rest may hold secrets, and takes room.
keep_verdict() {
  set --
  for word in * .[!.]*; do
    case $word in journal | .exit | .pid | .key | .relaying) ;; *) set -- "$@" "./$word" ;; esac
  done
  rm -rf -- "$@" ./.relaying
}

# Does a supervisor or a relay work in folder $1? One with neither may be in the moment before they sign.
still_used() {
  if { read -r pid0 start0 boot0 word <"$1/.pid"; } 2>/dev/null; then
    alive "$pid0" "$start0" "$boot0"
  else
    pid0='' boot0=''
    { read -r pid0 boot0 <"$1/.relaying"; } 2>/dev/null
    read -r boot_now </proc/sys/kernel/random/boot_id
    [ "${boot0:-$boot_now}" = "$boot_now" ] || return 1
    [ "/proc/$pid0/cwd" -ef "$1" ] || [ "$(find "$1" -prune -mmin -1 2>/dev/null)" ]
  fi
}

# Where nothing is left this forks nothing.
clear_leftovers() {
  for left in "$root"/runs/*/.relaying; do
    left=${left%/.relaying}
    [ ! -e "$left" ] || still_used "$left" || clear_leftover "$left"
  done
}

# A program without its supervisor counts as over, so what still runs of it ends. What never began goes whole.
clear_leftover() {
  [ -s "$1/.pid" ] || { rm -rf -- "$1"; return; }
  [ "$boot0" != "$boot_now" ] || birth "$pid0" || sweep "$pid0" "RUN=$1"
  (cd "$1" && keep_verdict)
}
