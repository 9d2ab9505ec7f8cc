# The lease on the host: `lease/TARGET/token` is the highest token seen, `held` is locked for as long as a program
# runs, `holder` says which one. A newer token is written first, then the older program has its time to stop by
# itself at its next `still_mine`, then it is killed. Nothing changes before it is gone.

take_lease() {
  lease=$root/lease/$target
  [ -d "$lease" ] || mkdir -p "$lease" || quit "cannot make the folder $lease"
  refuse_if_older
  [ "$seen" -eq "$token" ] || raise_token
  hold
  refuse_if_older
}

refuse_if_older() {
  last_seen
  [ "$seen" -le "$token" ] || end "refused $seen"
}

last_seen() {
  seen=0
  { read -r seen <"$lease/token"; } 2>/dev/null
  case $seen in '' | *[!0-9]*) seen=0 ;; esac
}

# Compare and write under the gate, synced, so that an older token never overwrites a newer one.
raise_token() {
  shut_gate
  last_seen
  if [ "$seen" -lt "$token" ]; then
    printf '%s\n' "$token" >"$lease/token.new" && sync "$lease/token.new" &&
      mv -fT "$lease/token.new" "$lease/token" && sync "$lease" ||
      quit "cannot write $lease/token; is the disk full?"
  fi
  open_gate
}

# The gate is only ever held for a moment.
shut_gate() {
  true >>"$lease/gate" || quit "cannot write to $lease; is the disk full?"
  exec 8>>"$lease/gate"
  flock -w 5 8 || quit "the gate of $target is locked; see who holds it with: fuser $lease/gate"
}

open_gate() {
  exec 8>&-
}

hold() {
  tries=0
  while [ "$tries" -lt 10 ]; do
    tries=$((tries + 1))
    true >>"$lease/held" || quit "cannot write to $lease; is the disk full?"
    exec 9>>"$lease/held"
    flock -n 9 || wait_for_holder || continue
    sign && return
  done
  quit "the lock of $target changes hands too fast"
}

# Puts our name on the lock. Under the gate: nobody may take it for a dead one's before our name is there.
sign() {
  shut_gate
  [ "/proc/$$/fd/9" -ef "$lease/held" ] &&
    printf '%s %s %s %s %s\n' "$token" "$$" "$start" "$boot" "$id" >"$lease/holder"
  signed=$?
  open_gate
  return "$signed"
}

# A program of the same token is waited for as long as we may run ourselves, an older one gets five seconds.
wait_for_holder() {
  if ! holder_lives; then
    flock -w 1 9 || give_away
  elif [ "$token0" = "$token" ]; then
    flock -w "$limit" 9 || end overdue
  else
    flock -w 5 9 || put_away
  fi
}

holder_lives() {
  token0='' pid0='' start0='' boot0='' id0=''
  { read -r token0 pid0 start0 boot0 id0 <"$lease/holder"; } 2>/dev/null
  [ "$id0" ] && alive "$pid0" "$start0" "$boot0"
}

# The older program did not stop by itself.
put_away() {
  if holder_lives && [ "$token0" != "$token" ]; then
    sweep "$pid0"
  fi
  flock -w 5 9 && return
  ! holder_lives || quit "an older program (run $id0, process $pid0) holds $target and does not die; see why there"
  return 1
}

# The holder is dead, yet something keeps its lock: a child that outlived it, which is killed, or a stray that left
# its session, which is left the old file while we lock a new one.
give_away() {
  [ "$boot0" != "$boot" ] || birth "$pid0" || sweep "$pid0" "RUN=$root/runs/$id0"
  flock -w 1 9 && return
  shut_gate
  holder_lives || rm -f -- "$lease/held"
  open_gate
  return 1
}
