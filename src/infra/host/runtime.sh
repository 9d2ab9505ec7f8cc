# What every program that changes a host shares. Variables set before: MARK CHANGE.
# dash, bash --posix and busybox ash all run it; nothing here relies on `set -e`.

umask 077
U=$ROOT/undo/$CHANGE
N=0 RESOURCE='' AT='' OWES='' KEPT='' PENDING=''
nl='
'
retry='mend that and apply again; what was begun here is undone'

# Lines that begin with this mark are for the hub; everything else is for people.
tell() { printf '@%s %s\n' "$MARK" "$*"; }

tail_of() { tail -n 15 "$1" 2>/dev/null | while IFS= read -r line; do tell "tail $line"; done; }

# first FILE: its first line, or nothing, without a fork
first() {
  LINE=
  [ -f "$1" ] && IFS= read -r LINE <"$1"
  return 0
}

# give_up WHAT NOW: says what failed and what is safe to do, and ends the program.
give_up() {
  if [ "$N" = 0 ]; then tell "trouble $1"; else tell "trouble $RESOURCE ($AT, operation $N): $1"; fi
  tell "now $2"
  exit 1
}

# must COMMAND…: does it, or gives up and shows what it said.
must() {
  "$@" >"$RUN/said" 2>&1 && return 0
  code=$?
  tail_of "$RUN/said"
  give_up "\`$*\` ended with $code" "$retry"
}

# begin NUMBER AT RESOURCE [HASH DEBT]…: every operation starts here; its debts are one a line.
begin() {
  still_mine
  [ ! -e "$U/taken-back" ] || give_up 'nobody confirmed in time, and the host took the change back' "$retry"
  N=$1 AT=$2 RESOURCE=$3 OWES=''
  shift 3
  while [ $# -gt 0 ]; do
    OWES="$OWES$1 $2$nl"
    shift 2
  done
}

# Nothing is changed before what was there and what will be owed is on the disk. An operation that is begun once more
# keeps its first record. KEPT: files that the record speaks of.
record() {
  [ -d "$U" ] || must mkdir -p "$U"
  owe
  [ -s "$U/$N.was" ] || printf '%s\n' "$1" >"$U/$N.was" || give_up "cannot write $U/$N.was" 'is the disk full?'
  IFS=$nl
  set -- $KEPT "$U/$N.was" "$U" $OWED $PENDING
  unset IFS
  must sync "$@"
  KEPT='' PENDING=''
}

# later FOLDER: its entries are on the disk before the next operation begins, and before the program ends.
later() { PENDING=$PENDING$1$nl; }

flush() {
  IFS=$nl
  set -- $PENDING
  unset IFS
  [ $# -eq 0 ] || must sync "$@"
  PENDING=''
}

owe() {
  OWED=''
  [ -n "$OWES" ] || return 0
  [ -d "$ROOT/owed" ] || must mkdir -p "$ROOT/owed"
  IFS=$nl
  for debt in $OWES; do
    file=$ROOT/owed/${debt%% *}
    printf '%s\n%s\n' "${debt#* }" "$CHANGE $N" >"$file" || give_up "cannot write $file" 'is the disk full?'
    OWED=$OWED$file$nl
  done
  unset IFS
  OWED=$OWED$ROOT/owed
}

# did CHANGE/NUMBER: fails when that operation of a finished change did nothing, for all was there as it should be.
did() {
  [ ! -e "$ROOT/undo/${1%/*}/end" ] || [ -e "$ROOT/undo/$1.was" ] || {
    done_as same
    return 1
  }
}

done_as() {
  tell "done $N $1"
  [ "$1" = same ] || tell "step $RESOURCE"
}
