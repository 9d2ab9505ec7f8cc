# Taking back. Each operation that was begun has a record; this works for what was done, half done, and twice.

FAILED=''

say() { tell "step $RESOURCE: $1"; }

# begun NUMBER AT RESOURCE [HASH DEBT]…: fails when nothing is to be undone. What the operation owed is owed again.
begun() {
  still_mine
  N=$1 AT=$2 RESOURCE=$3 OWES=''
  shift 3
  [ -s "$U/$N.was" ] || return 1
  while [ $# -gt 0 ]; do
    OWES="$OWES$1 $2$nl"
    shift 2
  done
  owe
  IFS=$nl
  [ -z "$OWED" ] || sync $OWED
  unset IFS
}

# try COMMAND…: what cannot be undone does not keep the others from it. Its record goes when it has succeeded.
try() {
  first "$U/$N.was"
  was=$LINE
  if ("$@"); then
    rm -f "$U/$N.was"
    rm -rf "$U/$N".*
    tell "undone $N"
  else
    FAILED="$FAILED $N"
    tell "tail $RESOURCE ($AT) could not be undone"
  fi
}

undone() {
  N=0
  [ -z "$FAILED" ] || give_up "not all could be undone: operation$FAILED" 'see the lines above; mend what they name by hand, then undo again'
  rm -rf "$U"
  [ ! -d "$ROOT/undo" ] || sync "$ROOT/undo"
  tell 'end undone'
}
