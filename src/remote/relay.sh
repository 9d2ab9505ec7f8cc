# The relay: the far end of one session. It takes the frames, starts the supervisor detached, and follows the
# journal until its standard input ends. Nothing here outlives the session.

start_program() {
  [ -z "$sums" ] || compare_sums
  printf '%s' "$script" >.script && printf '%s' "$supervise" >.supervise && printf '%s\n' "$key" >.key || fail write
  # The room for the verdict is taken now, so that a disk that fills up later cannot keep us from writing it.
  printf '%60s\n' '' >.exit && true >journal || fail write
  wait
  [ -p ctl ] && [ -p .out ] && [ -p .born ] || fail write
  ROOT=$root RUN=$run
  export ROOT RUN
  # Open before the supervisor begins: a quick program may have ended and tidied up before we get to read.
  exec 4<>.born
  setsid -f /bin/sh ./.supervise </dev/null >/dev/null 2>&1 4<&- || fail write
  read -r word <&4
  exec 4<&-
}

tell() {
  # Opened for both, a FIFO never blocks us here; the supervisor keeps it alive, the client bounds what it sends.
  [ ! -p ctl ] || printf '%s\n' "$1" 1<>ctl
}

put_down() {
  alive "$pid" "$start" "$boot" || return 0
  { read -r verdict <.exit; } 2>/dev/null
  case $verdict in *' .') return 0 ;; esac
  true >.killed
  gone=''
  if { read -r group <.group; } 2>/dev/null; then
    kill -TERM "-$group" 2>/dev/null
    sleep 0.3
  else
    # Nothing of the program runs yet: the supervisor waits for a lease, and goes with what it waits on.
    printf 'exited 143 .' 1<>.exit
    kill -KILL "-$pid" 2>/dev/null
    gone=yes
  fi
  sweep "$pid"
  [ -z "$gone" ] || over
}

# The supervisor is dead. Mostly the end mark is on its way through the journal. When it cannot be, because the output
# was cut, the disk is full or the supervisor was killed, the last word is ours, after all that is in the journal.
over() {
  tries=0
  while birth "$writer" && [ "$tries" -lt 10 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  # Something strange keeps the pipe open, but the mark has come through.
  if [ "$tries" -ge 10 ] && tail -c 120 journal | grep -qaF -- "$key end "; then return 0; fi
  size=$(wc -c <journal)
  tries=0
  while birth "$tail" && ! has_read "$size" && [ "$tries" -lt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  sleep 0.1
  kill "$tail" 2>/dev/null
  verdict=''
  { read -r verdict <.exit; } 2>/dev/null
  case $verdict in
    *' .') verdict=${verdict% .} ;;
    *) [ "$boot_now" = "$boot" ] && verdict=gone || verdict=rebooted ;;
  esac
  printf '\n%s end %s\n' "$key" "$verdict"
}

# Has tail read $1 bytes? Not by waiting for it: where nobody collects dead processes, it waits for one of them.
has_read() {
  { read -r word position <"/proc/$tail/fdinfo/3"; } 2>/dev/null && [ "$position" -ge "$1" ]
}

follow() {
  read -r pid start boot writer <.pid
  printf '\n%s started %s\n' "$nonce" "$key"
  # It ends when nobody writes to the journal any more. Where tail has no inotify (overlay file systems) it looks
  # this often, for 0.4 % of a core.
  tail -c +1 -f -s 0.01 --pid="$writer" journal 2>/dev/null &
  tail=$!
  while IFS= read -r word; do
    case $word in
      't '*) tell "${word#t }" ;;
      k) put_down ;;
      '?') alive "$pid" "$start" "$boot" || over ;;
    esac
  done
  kill "$tail" 2>/dev/null
}

attach() {
  cd "$run" 2>/dev/null && { read -r key <.key; } 2>/dev/null && { read -r word <.pid; } 2>/dev/null || {
    printf '\n%s fail unknown\n' "$nonce"
    exit 1
  }
  clear_leftovers
  follow
}
