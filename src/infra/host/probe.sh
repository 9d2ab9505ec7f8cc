# The probe: what is there of what a recipe names. It changes nothing and asks each tool once, for everything.
# Variables set before: MARK, BOOT (the start of the host at which it was looked at before), and lists with one item a
# line: paths packages users groups units names.

nl='
'
# From here on words end at newlines alone, and stars stay stars save in `glob`.
IFS=$nl
set -f

# each KIND TEXT: every line of it goes to the hub, and none when there is no text.
each() { [ -z "$2" ] || printf "@$MARK $1 %s\n" $2; }

# first FILE: its first line, or nothing.
first() {
  LINE=
  { IFS= read -r LINE <"$1"; } 2>/dev/null
}

facts() {
  for file in /proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/1/comm /proc/meminfo \
    /sys/devices/system/cpu/online; do
    first "$file"
    each "f ${file##*/}" "$LINE"
  done
  { while IFS= read -r line; do
    case $line in ID=* | VERSION_ID=* | VERSION_CODENAME=*) each 'f os' "$line" ;; esac
  done </etc/os-release; } 2>/dev/null
  first /proc/sys/kernel/random/boot_id
  each 'f boot' "$LINE"
  [ "$LINE" = "$BOOT" ] || {
    each 'f virt' "$(systemd-detect-virt 2>/dev/null)"
    each 'f arch' "$(dpkg --print-architecture 2>/dev/null)"
  }
  addresses=$(ip -o addr show up scope global 2>/dev/null) || addresses=$(hostname -I 2>/dev/null)
  each 'f ip' "$addresses"
}

# What earlier changes left undone.
owed() {
  set +f
  set -- "$ROOT"/owed/*
  set -f
  for file; do
    first "$file"
    each o "$LINE"
  done
}

# `names` are all whose homes or numbers somebody needs, `users` those of whom everything is asked.
accounts() {
  passwd=
  [ -z "$names" ] || passwd=$(getent passwd $names 2>/dev/null)
  each u "$passwd"
  [ -z "$groups" ] || each g "$(getent group $groups 2>/dev/null)"
  [ -z "$users" ] || {
    each m "$(groups $users 2>/dev/null)"
    for line in $(getent shadow $users 2>/dev/null); do
      rest=${line#*:}
      secret=${rest%%:*}
      case $secret in
      '!'* | '*'*) ;;
      *) each w "${line%%:*} $(printf %s "$secret" | sha256sum)" ;;
      esac
    done
  }
}

# of_user NAME: the line of passwd, or a failure
of_user() {
  for LINE in $passwd; do
    case $LINE in "$1":*) return 0 ;; esac
  done
  return 1
}

# Puts the home of its user before what follows `~user/`.
at_home() {
  user=${path#\~}
  of_user "${user%%/*}" || return 1
  home=${LINE%:*}
  path=${home##*:}/${path#*/}
}

paths() {
  nth=0 present='' items=''
  for one in $paths; do
    nth=$((nth + 1))
    path=${one#* }
    case $path in "~"*) at_home || continue ;; esac
    [ -e "$path" ] || [ -L "$path" ] || continue
    present=$present$path$nl
    items="$items$nth ${one%% *} $path$nl"
  done
  [ -z "$present" ] || stats
}

stats() {
  stats=$(stat -c '%f %u %g %h %s %Y %U:%G' -- $present 2>/dev/null) || changed
  files='' links='' picked=''
  set -- $stats
  for item in $items; do
    nth=${item%% *} path=${item#* * }
    printf "@$MARK s %s %s\n" "$nth" "$1"
    case $1 in
    8*)
      rest=${1#* * * * }
      files=$files$path$nl picked="$picked${item%" $path"} ${rest%% *} $path$nl"
      ;;
    4*) is_empty && each e "$nth" ;;
    a*) links=$links$path$nl ;;
    esac
    shift
  done
  [ -z "$files" ] || bytes
  # Targets of links may hold any byte.
  [ -z "$links" ] || each l "$(readlink -z -- $links | base64 -w 3900)"
}

is_empty() {
  set +f
  set -- "$path"/* "$path"/.[!.]* "$path"/..?*
  set -f
  for inside; do
    [ ! -e "$inside" ] && [ ! -L "$inside" ] || return 1
  done
}

# Digests of all files, and the bytes of those that are wanted (`+`, or a digest that begins otherwise) and for which
# there is room.
bytes() {
  sums=$(sha256sum -- $files 2>/dev/null) || changed
  fetched='' room=2097152
  set -- $sums
  for item in $picked; do
    sum=${1#\\}
    shift
    printf "@$MARK h %s %s\n" "${item%% *}" "${sum%% *}"
    item=${item#* } want=${item%% *}
    item=${item#* } size=${item%% *}
    case $want$sum in -* | "$want$want"*) continue ;; esac
    [ "$size" -le 262144 ] && [ "$size" -le "$room" ] || continue
    room=$((room - size))
    fetched=$fetched./${item#* /}$nl
  done
  [ "$fetched" ] || return 0
  # Only tar of GNU takes backslashes for more than what they are.
  case $fetched in *\\*) literal=--no-unquote ;; *) literal= ;; esac
  each b "$(tar $literal -C / -czf - -- $fetched 2>/dev/null | base64 -w 3900)"
}

# Something went away between two looks at it.
changed() {
  each changed .
  exit
}

# check NUMBER SECONDS USER CWD COMMAND…: tells its exit code; what cannot be asked yet is told without one.
check() {
  nth=$1 limit=$2 user=$3 cwd=$4 LINE=
  shift 4
  if { [ -z "$user" ] || of_user "$user"; } && [ -d "$cwd" ]; then
    (cd "$cwd" && as_user "$limit" "$@") </dev/null >/dev/null 2>&1
    each c "$nth $?"
  else
    each c "$nth"
  fi
}

# What dpkg has, and what apt would install of that which is missing. dpkg is asked for itself too: no answer, no dpkg.
packages() {
  have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Version} ${Architecture} ${Package}\n' dpkg $packages 2>/dev/null)
  each k "$have"
  missing=
  for name in $packages; do
    case "$nl$have$nl" in *"$nl"[hi]i?*" $name$nl"*) ;; *:*) ;; *) missing=$missing$name$nl ;; esac
  done
  [ "$missing" ] || return 0
  set +f
  set -- /var/lib/apt/lists/*_Packages*
  set -f
  [ -e "$1" ] || return 0
  each a .
  for line in $(apt-cache policy $missing 2>/dev/null); do
    case $line in [!\ ]* | '  Candidate: '*) each a "$line" ;; esac
  done
}

units() {
  each y "$(systemctl show -p LoadState -p ActiveState -p UnitFileState -p NeedDaemonReload -- $units 2>/dev/null)"
}
