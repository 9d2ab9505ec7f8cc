# preflight KILOBYTES COUNT FOLDER…: looks before anything is changed whether it can be. Folders that are not there yet are
# made by the operations.
preflight() {
  kb=$1 files=$2
  shift 2
  [ -d "$ROOT/undo" ] || must mkdir -p "$ROOT/undo"
  folders=''
  for folder in "$ROOT/undo" "$@"; do
    [ -d "$folder" ] || continue
    [ -w "$folder" ] || give_up "$folder cannot be written: it is mounted read-only" 'see why with: dmesg | tail; then apply again'
    folders="$folders$folder$nl"
    # What a killed program has left.
    for stale in "$folder"/.tandem-??????; do [ ! -e "$stale" ] || rm -rf "$stale"; done
  done
  IFS=$nl
  room "$kb" KB $(df -Pk -- $folders 2>/dev/null)
  room "$files" inodes $(df -Pi -- $folders 2>/dev/null)
  unset IFS
}

# room NEED WHAT LINE…: lines of df, one for each folder after its heading
room() {
  need=$1 what=$2
  shift 2
  [ $# -eq 0 ] || shift
  for line; do
    unset IFS
    set -- $line
    IFS=$nl
    # Some file systems count no inodes.
    case $2-$4 in 0-* | -* | *-) continue ;; esac
    [ "$4" -ge "$need" ] || { unset IFS; give_up "only $4 $what are free where $6 is mounted, and $need are needed" 'make room there and apply again'; }
  done
}

# What is marked immutable refuses even root.
mutable() {
  command -v lsattr >/dev/null || return 0
  lsattr -d -- "$@" 2>/dev/null >"$RUN/attributes"
  while read -r flags name; do
    case $flags in *[ia]*) give_up "$name is immutable ($flags)" "see who set that; take it away there with: chattr -ia '$name'" ;; esac
  done <"$RUN/attributes"
}

unpack() {
  must mkdir "$RUN/bytes"
  must tar -xf "$RUN/bytes.tar" -C "$RUN/bytes" --no-same-owner
}
