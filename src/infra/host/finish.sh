# That a change came to its end is kept with what it had found, also when it found nothing to do. Only the newest twenty
# are kept.
finish() {
  N=0
  flush
  [ -d "$U" ] || must mkdir "$U"
  : >"$U/end"
  cd "$ROOT/undo" && ls -1t | {
    place=0
    while read -r old; do
      place=$((place + 1))
      [ "$place" -le 20 ] || [ "$old" = "$CHANGE" ] || rm -rf "./$old"
    done
  }
  tell 'end done'
}
