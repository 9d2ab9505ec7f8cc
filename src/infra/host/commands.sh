# in_place USER CWD SECONDS COMMAND…: runs a command of the recipe; its output is for people.
in_place() {
  LINE=
  [ -z "$1" ] || LINE=$(getent passwd "$1") || give_up "there is no user $1 to run it as" "$retry"
  cd "$2" 2>/dev/null || give_up "its folder $2 is not there" "$retry"
  shift 2
  as_user "$@" </dev/null 2>&1 9>&-
}

# keep_in KEPT: where a command keeps what it replaces, for its undo. `-`: with its record; CHANGE/NUMBER: with that of
# the operation that it takes back.
keep_in() {
  case $1 in
    -) TANDEM_KEEP=$U/$N.keep ;;
    *) TANDEM_KEEP=$ROOT/undo/$1.keep ;;
  esac
  export TANDEM_KEEP
}

# command_of KEPT CHECK RUN: names of functions; `:` for no check. What the check is content with is not done.
command_of() {
  [ "$1" = - ] || [ -e "$ROOT/undo/$1.was" ] || give_up 'what it had kept is not there any more' 'only the newest changes keep it: say in the recipe how it was, and apply'
  keep_in "$1"
  shift
  if [ "$1" != : ] && ("$1") >/dev/null 2>&1; then
    done_as same
    return 0
  fi
  record command
  ("$2")
  code=$?
  [ $code -eq 0 ] || give_up "it ended with $code$(overdue $code)" 'read its last lines; mend it and apply again'
  [ "$1" = : ] || ("$1") >/dev/null 2>&1 || give_up 'it ended well, yet its check still fails' 'mend the check, or the command'
  done_as changed
}

overdue() { [ "$1" -ne 124 ] || printf ', because its time was over'; }

undo_command() {
  keep_in "$1"
  "$2"
}
