# A look: a program that changes nothing runs in the session itself, without journal, supervisor or folder, and ends
# with the session. Variables set before, beside those of receive.sh: script key sums; `run` is empty without frames.

# Frames need a place. It is named as used, so that nobody prunes it.
make_room() {
  if mkdir "$run" 2>/dev/null || { mkdir -p -m 755 "$root" && mkdir -p "$root/runs" && mkdir "$run"; }; then
    read -r boot </proc/sys/kernel/random/boot_id
    cd "$run" && printf '%s %s\n' "$$" "$boot" >.relaying
  elif [ -e "$run" ]; then
    printf '\n%s fail exists\n' "$nonce"
    exit 1
  else
    printf '\n%s fail folder\n' "$nonce"
    exit 1
  fi
}

# In the background, so that the shell of the session can read on: what comes next is another look, or the end.
look() {
  ulimit -c 0
  ROOT=$root RUN=$run
  export ROOT RUN
  printf '\n%s started %s\n' "$nonce" "$key"
  look_now </dev/null &
  cd /
}

look_now() {
  (eval "$script") 2>&1
  code=$?
  [ -z "$run" ] || { cd / && rm -rf -- "$run"; }
  printf '\n%s end exited %s\n' "$key" "$code"
}
