# Only the newest twenty changes are kept.
finish() {
  N=0
  flush
  [ ! -d "$U" ] || : >"$U/end"
  cd "$ROOT/undo" && ls -1t | {
    place=0
    while read -r old; do
      place=$((place + 1))
      [ "$place" -le 20 ] || [ "$old" = "$CHANGE" ] || rm -rf "./$old"
    done
  }
  tell 'end done'
}
