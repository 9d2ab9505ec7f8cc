# as_user SECONDS COMMAND…: the command in our place; as another user when LINE is one's line of passwd.
as_user() {
  limit=$1
  shift
  [ "$LINE" ] || exec timeout -k 2 "$limit" "$@"
  USER=${LINE%%:*} LOGNAME=${LINE%%:*} HOME=${LINE%:*}
  HOME=${HOME##*:}
  export HOME USER LOGNAME
  LINE=${LINE#*:*:} uid=${LINE%%:*}
  LINE=${LINE#*:} gid=${LINE%%:*}
  exec timeout -k 2 "$limit" setpriv --reuid "$uid" --regid "$gid" --init-groups -- "$@"
}
