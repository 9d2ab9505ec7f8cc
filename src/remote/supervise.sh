# The supervisor: a session of its own, detached. It holds the lease, keeps the journal, runs the program, and
# writes how it ended. Variables set before, beside those of host.sh: target token limit limit_cs journal_limit
# filter (the Perl text that masks secrets, empty where there are none).

ulimit -c 0
read -r boot </proc/sys/kernel/random/boot_id
birth "$$"
start=$born

# Copies what the program prints into the journal as it comes. When the journal has reached its limit, or the disk is
# full, only the last bytes are kept; the program itself is never stopped by its own output. The limit is one on the
# size of files, because that counts bytes and costs nothing (dd counts short reads as whole blocks).
keep_journal() {
  ulimit -S -f "$((journal_limit / 512))"
  cat && return
  ulimit -S -f unlimited
  printf '\n[tandem: the output was cut here: its limit is %s bytes, or the disk is full. Its end follows]\n' \
    "$journal_limit" && tail -c 8192
  exec cat >/dev/null
}

# Nothing of a program with secrets is written down as it was printed: if it cannot be masked, only the verdict is kept.
mask_output() {
  perl -e "$filter" "$key" && return
  rm -f .mask
  printf '\n[tandem: the output from here is not kept, as its secrets could not be masked: see whether `perl` runs here]\n'
  exec grep -a -- "^$key end "
}

# The verdict goes to its file first, then through the same pipe as the output, so that it is read after all of it.
end() {
  printf '%s .' "$1" 1<>.exit
  printf '\n%s end %s\n' "$key" "$1" >&6
  exec 6>&- 7>&- 9>&-
  tidy
  exit 0
}

# Gives up before the program has started.
quit() {
  printf 'tandem: %s\n' "$1" >&6
  end 'exited 98'
}

uptime_cs() {
  read -r up word </proc/uptime
  cs=${up%.*}${up#*.}
}

run_program() {
  uptime_cs
  began=$cs
  timeout -k 2 "$limit" /bin/sh ./.script >.out 2>&1 6>&- 7>&-
  code=$?
  { read -r group <.group; } 2>/dev/null && kill -KILL "-$group" 2>/dev/null
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
    uptime_cs
    [ $((cs - began)) -lt "$limit_cs" ] || { sweep "$$"; end overdue; }
  fi
  [ ! -e .killed ] || sweep "$$"
  # 97 is said by still_mine, the file too when it was said in a subshell, and 137 when a newer program killed this one.
  if [ "$target" ] && { [ -e .overtaken ] || [ "$code" -eq 97 ] || [ "$code" -eq 137 ]; }; then
    last_seen
    [ "$seen" -le "$token" ] || end "refused $seen"
  fi
  end "exited $code"
}

# Old run folders go when there are enough of them to be worth the forks.
tidy() {
  keep_verdict
  cd "$root/runs" || return
  set -- *
  [ "$#" -le 80 ] || prune
}

# Keeps the 50 newest, and every folder that a supervisor or a relay works in. Of the newest ten nothing is asked: one
# that is just being made has nothing in it yet.
prune() {
  place=0
  ls -1t | {
    set --
    while read -r old; do
      place=$((place + 1))
      [ "$place" -gt 10 ] || continue
      [ "$place" -gt 50 ] || [ ! -e "$old/.pid" ] || continue
      still_used "$old" || set -- "$@" "./$old"
    done
    rm -rf -- "$@"
  }
}

# Its reading end is open before the writer of the journal is scheduled, which on a busy host may be after the program
# has ended. The other ends are closed by `exec`: a shell that closes for one command keeps a copy, and the reader
# would wait for itself.
exec 6<>.out 7<>ctl 8<.out
# Opened here for the same reason.
[ -z "$filter" ] || exec 5<.mask
(exec 6>&- 7>&- 8<&- && if [ "$filter" ]; then mask_output | keep_journal; else keep_journal; fi) <&8 >>journal &
exec 5<&- 8<&-
printf '%s %s %s %s\n' "$$" "$start" "$boot" "$!" >.pid
printf 'born\n' 1<>.born
[ -z "$target" ] || take_lease
run_program
