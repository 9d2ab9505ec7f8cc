# What every session does with what it is sent. Variables set before: root id nonce run (the folder that takes frames).

if [ -d /usr/lib/locale/C.utf8 ] || [ -d /usr/lib/locale/C.UTF-8 ]; then LC_ALL=C.UTF-8; else LC_ALL=C; fi
export LC_ALL

# What was uploaded so far goes first: when the client has gone, speaking ends this shell.
fail() {
  wait
  cd / && rm -rf -- "$run"
  printf '\n%s fail %s\n' "$nonce" "$1"
  exit 1
}

take() {
  dd bs=64k count="$2" iflag=fullblock,count_bytes of="$1" status=none || fail write
}

compare_sums() {
  printf '%s' "$sums" >.sums && sha256sum -c --status .sums || fail garbled
}
