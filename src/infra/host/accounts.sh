# Users and groups.

# passwd_of NAME: LINE is `UID:COMMENT:HOME:SHELL`, or missing; ENTRY the line of passwd
passwd_of() {
  LINE=missing
  ENTRY=$(getent passwd "$1") || return 0
  LINE=${ENTRY#*:*:}
  LINE=${LINE%%:*}:${LINE#*:*:}
}

# group_of NAME: LINE is its number, or missing; ENTRY the line of group
group_of() {
  LINE=missing
  ENTRY=$(getent group "$1") || return 0
  LINE=${ENTRY#*:*:}
  LINE=${LINE%%:*}
}

# account_moved WHAT BEFORE: gives up when it is not as the plan saw it, unless we began with it.
account_moved() {
  [ "$LINE" = "$2" ] || [ -s "$U/$N.was" ] ||
    give_up "$1 moved since the plan: it was to be $2, and is $LINE" 'look at who changed it there, and plan again'
}

# user NAME BEFORE HOME PASSWORD COMMAND…: HOME is the folder that comes or goes with the user, or -; PASSWORD names the
# bytes of a crypted one, or -. The command is one of useradd, usermod and userdel.
user() {
  name=$1 home=$3 password=$4
  passwd_of "$name"
  account_moved "the user $name" "$2"
  shift 4
  [ "$1-$LINE" != userdel-missing ] || {
    done_as same
    return 0
  }
  keep_user
  case $1-$LINE in
  userdel-*)
    if [ "$home" != - ] && [ -d "$home" ]; then
      path=$home
      look_at "$path"
      keep_tree
    fi
    must "$@"
    ;;
  useradd-missing | usermod-*) [ $# -lt 3 ] || must "$@" ;;
  esac
  [ "$password" = - ] || {
    { printf '%s:' "$name" && cat "$RUN/bytes/$password" && echo; } >"$RUN/password"
    must_read "$RUN/password" chpasswd -e
  }
  passwd_of "$name"
  case $1-$LINE in
  userdel-missing) ;;
  userdel-* | *-missing) give_up "the user $name is $LINE after $1" "$retry" ;;
  esac
  done_as changed
}

must_read() {
  input=$1
  shift
  "$@" <"$input" >"$RUN/said" 2>&1 && return 0
  code=$?
  tail_of "$RUN/said"
  give_up "\`$*\` ended with $code" "$retry"
}

# The lines of passwd and shadow, and all groups by name.
keep_user() {
  [ -d "$U" ] || must mkdir -p "$U"
  if [ "$LINE" = missing ]; then
    if [ "$home" = - ] || [ -e "$home" ]; then record missing; else record 'missing home'; fi
  else
    [ -s "$U/$N.was" ] || { printf '%s\n' "$ENTRY" && getent shadow "$name" && id -Gn "$name"; } >"$U/$N.account"
    KEPT=$U/$N.account
    record present
  fi
}

undo_user() {
  name=$1
  passwd_of "$name"
  case $was in
  missing*)
    [ "$LINE" != missing ] || return 0
    HOME_=${ENTRY%:*}
    HOME_=${HOME_##*:}
    must userdel -f "$name"
    [ "$was" != 'missing home' ] || case $HOME_ in /?*/?*) rm -rf -- "$HOME_" ;; esac
    ;;
  present) undo_account ;;
  esac
}

undo_account() {
  { IFS= read -r entry && IFS= read -r shadow && IFS= read -r groups; } <"$U/$N.account"
  rest=${entry#*:*:}
  uid=${rest%%:*} rest=${rest#*:}
  gid=${rest%%:*} rest=${rest#*:}
  comment=${rest%%:*} rest=${rest#*:}
  home=${rest%%:*} shell=${rest#*:}
  getent group "$gid" >/dev/null || must groupadd -g "$gid" "${groups%% *}"
  others=
  case $groups in *' '*) others=$(printf '%s' "${groups#* }" | tr ' ' ,) ;; esac
  if [ "$LINE" = missing ]; then
    must useradd -M -u "$uid" -g "$gid" -c "$comment" -d "$home" -s "$shell" -G "$others" "$name"
  else
    [ "${LINE%%:*}" = "$uid" ] || must usermod -u "$uid" "$name"
    must usermod -g "$gid" -c "$comment" -d "$home" -s "$shell" -G "$others" "$name"
  fi
  shadow=${shadow#*:}
  printf '%s:%s\n' "$name" "${shadow%%:*}" >"$RUN/password"
  must_read "$RUN/password" chpasswd -e
  if [ -d "$U/$N.kept" ]; then
    path=$home
    [ -e "$path" ] || { stage && cp -a --reflink=auto -- "$U/$N.kept" new && place; }
  fi
}

# group NAME BEFORE COMMAND…
group() {
  name=$1
  group_of "$name"
  account_moved "the group $name" "$2"
  shift 2
  case $1-$LINE in
  groupdel-missing) done_as same && return 0 ;;
  esac
  [ -d "$U" ] || must mkdir -p "$U"
  record "${ENTRY:-missing}"
  case $1-$LINE in
  groupadd-missing | groupmod-* | groupdel-*) must "$@" ;;
  esac
  done_as changed
}

undo_group() {
  group_of "$1"
  if [ "$was" = missing ]; then
    [ "$LINE" = missing ] || must groupdel "$1"
    return 0
  fi
  rest=${was#*:*:}
  case $LINE in
  missing)
    must groupadd -g "${rest%%:*}" "$1"
    [ -z "${rest#*:}" ] || must gpasswd -M "${rest#*:}" "$1"
    ;;
  "${rest%%:*}") ;;
  *) must groupmod -g "${rest%%:*}" "$1" ;;
  esac
}
