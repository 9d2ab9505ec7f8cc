# Debts are paid once, and struck out when that has succeeded. What nobody owes is not paid.

# pay HASH TYPE [UNIT|FUNCTION]
pay() {
  [ -e "$ROOT/owed/$1" ] || {
    done_as same
    return 0
  }
  hash=$1
  case $2 in
  units) must systemctl daemon-reload ;;
  lists) update_lists owed ;;
  restart) while_active "$3" start restart "$3" ;;
  reload) while_active "$3" reload "$3" ;;
  command) ("$3") || give_up "it ended with $?" 'read its last lines; it stays owed, and is done by the next apply' ;;
  esac
  rm -f "$ROOT/owed/$hash"
  sync "$ROOT/owed"
  done_as changed
}

# A unit that does not run has read no old settings.
while_active() {
  standing "$1"
  [ $ACTIVE = yes ] || return 0
  shift
  "$@"
}

reload() {
  systemctl reload-or-restart -- "$1" >"$RUN/said" 2>&1 9>&- && stays "$1" && return 0
  tail_of "$RUN/said"
  journal_of "$1"
  give_up "$1 does not take its new settings" 'read its last lines, mend them and apply again'
}

# again KEY HASH TYPE …: while undoing; what cannot be paid stays owed.
again() {
  [ -e "$ROOT/owed/$2" ] || return 0
  N=0 RESOURCE=$1 AT='owed again'
  shift
  still_mine
  (pay "$@" >"$RUN/paid") || {
    cat "$RUN/paid"
    FAILED="$FAILED ($RESOURCE)"
  }
}
