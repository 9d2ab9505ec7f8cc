# Packages of Debian, one transaction at a time.

UPDATED=''

apt() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none apt-get -y -q \
    -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" \
    >"$RUN/apt" 2>&1 </dev/null 9>&-
}

# must_apt COMMAND…: apt says at great length what it does; its errors say why not.
must_apt() {
  apt "$@" && return 0
  code=$?
  grep -hE '^(E:|W:|dpkg:|Err:| )' "$RUN/lists" "$RUN/apt" 2>/dev/null >"$RUN/said"
  [ -s "$RUN/said" ] || cp "$RUN/apt" "$RUN/said"
  tail_of "$RUN/said"
  give_up "\`apt-get $*\` ended with $code" 'read its last lines; apply again when apt works there'
}

# Once in a run: when somebody owes it, when there are no lists, and when they are older than a day.
update_lists() {
  [ -z "$UPDATED" ] || return 0
  set -- "$1" /var/lib/apt/lists/*_Packages*
  [ "$1" ] || [ ! -e "$2" ] || [ -z "$(find "$ROOT/lists-updated" -mmin -1440 2>/dev/null)" ] || return 0
  if [ "$1" ] || [ ! -e "$2" ]; then must_apt update; else apt update || tell 'step apt-get update failed; the lists of before are used'; fi
  # It ends well also when it got nothing, and then what it said is why a package is missing later.
  mv "$RUN/apt" "$RUN/lists"
  : >"$ROOT/lists-updated"
  UPDATED=yes
}

# What a transaction that was cut off has left half done.
repair() {
  [ -z "$(dpkg --audit 2>/dev/null)" ] || {
    tell 'step dpkg --configure -a, because a transaction was cut off earlier'
    broken=$(half_unpacked)
    [ -z "$broken" ] || { update_lists '' && must_apt install --reinstall $broken; }
    DEBIAN_FRONTEND=noninteractive must dpkg --force-confdef --force-confold --configure -a
  }
}

# What was being unpacked when it was cut off: dpkg goes on only when such a package comes anew, or goes by force.
half_unpacked() { dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' | sed -n 's/^..R //p'; }

installed() { dpkg-query -W -f '${db:Status-Abbrev}${binary:Package} ${Version}\n' | sed -n 's/^[hi]i.//p' | LC_ALL=C sort; }

# version_of NAME: sets VERSION, empty when it is not there
version_of() {
  VERSION=''
  status=$(dpkg-query -W -f '${db:Status-Abbrev} ${Version}' -- "$1" 2>/dev/null) || return 0
  case $status in [hi]i*) VERSION=${status##* } ;; esac
}

# fits LINE…: `install NAME VERSION BEFORE`, `remove NAME - BEFORE`, `purge …`; - for any or none. LEFT: what is to do.
fits() {
  IFS=$nl
  LEFT=''
  for line in $1; do
    unset IFS
    set -- $line
    version_of "$2"
    case $1 in
    install) [ -z "$VERSION" ] || { [ "$3" != - ] && [ "$3" != "$VERSION" ]; } || continue ;;
    *) [ "$VERSION" ] || continue ;;
    esac
    [ "${VERSION:--}" = "$4" ] || [ -s "$U/$N.was" ] || [ "$4" = any ] ||
      give_up "the package $2 moved since the plan: it was to be $4, and is ${VERSION:-missing}" 'look at who changed it there (/var/log/dpkg.log), and plan again'
    LEFT="$LEFT$line$nl"
  done
  unset IFS
}

# came_with CHANGE/NUMBER LINES: LINES, and `remove NAME - any` for what came along with those that were installed then.
# Something else may need it by now: when apt would take more away than came, all that came along stays.
came_with() {
  LINES=$2
  kept=$ROOT/undo/$1.kept after=$ROOT/undo/$1.after
  [ -e "$kept" ] && [ -e "$after" ] || return 0
  along='' names=''
  IFS=$nl
  for line in $(LC_ALL=C comm -13 "$kept" "$after"); do
    name=${line% *}
    grep -q "^$name " "$kept" || {
      version_of "$name"
      case "$nl$2$nl" in *" $name - "*) VERSION= ;; esac
      [ -z "$VERSION" ] || along="$along${nl}remove $name - any" names="$names $name"
    }
  done
  for line in $2; do
    case $line in 'remove '*) name=${line#remove } names="$names ${name%% *}" ;; esac
  done
  unset IFS
  [ "$along" ] || return 0
  for name in $(apt-get -s -q remove $names 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/\1/p'); do
    case " $names " in *" $name "* | *" $name:"*) ;; *) return 0 ;; esac
  done
  LINES=$2$along
}

# packages LINES HOLD UNHOLD CHANGE/NUMBER|-: the last names the operation that this one takes back.
packages() {
  repair
  if [ "$4" != - ]; then
    came_with "$4" "$1"
    set -- "$LINES" "$2" "$3"
  fi
  fits "$1"
  holds=" $(apt-mark showhold | tr '\n' ' ')"
  if [ -z "$LEFT" ] && holds_are "$2" "$3"; then
    done_as same
    return 0
  fi
  [ -d "$U" ] || must mkdir -p "$U"
  [ -s "$U/$N.was" ] || installed >"$U/$N.kept" || give_up 'cannot write what is installed' 'is the disk full?'
  KEPT=$U/$N.kept
  record "${holds# }"
  [ -z "$3" ] || must apt-mark unhold $3
  transact "$LEFT"
  [ -z "$2" ] || must apt-mark hold $2
  fits "$1"
  [ -z "$LEFT" ] || give_up "apt-get ended well, yet this is not so: $(printf '%s' "$LEFT" | tr '\n' ';')" 'see /var/log/apt/term.log there'
  installed >"$U/$N.after"
  done_as changed
}

# holds_are HOLD UNHOLD: whether all of the first are held, and none of the second that is not among them
holds_are() {
  for name in $1; do
    case $holds in *" $name "*) ;; *) return 1 ;; esac
  done
  for name in $2; do
    case " $1 " in *" $name "*) continue ;; esac
    case $holds in *" $name "*) return 1 ;; esac
  done
}

# The hub lets us come to the end of what lies between `busy` and `idle`, when all is to be stopped.
transact() {
  wanted='' purged='' options=''
  IFS=$nl
  for line in $1; do
    unset IFS
    set -- $line
    case $1 in
    install)
      case $3 in -) wanted="$wanted $2" ;; *) wanted="$wanted $2=$3" options=--allow-downgrades ;; esac
      ;;
    remove) wanted="$wanted $2-" ;;
    purge) purged="$purged $2" ;;
    esac
  done
  unset IFS
  case $wanted in *[!-]' '* | *[!-]) update_lists '' ;; esac
  tell busy
  [ -z "$wanted" ] || must_apt install $options $wanted
  [ -z "$purged" ] || must_apt purge $purged
  tell idle
}

# What came with the transaction goes, what it took comes back, in the version of before.
undo_packages() {
  for name in $(half_unpacked); do
    DEBIAN_FRONTEND=noninteractive must dpkg --force-remove-reinstreq --force-depends --purge "$name"
  done
  DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure -a >/dev/null 2>&1
  [ -e "$U/$N.after" ] || installed >"$U/$N.after"
  gone='' back=''
  IFS=$nl
  for line in $(LC_ALL=C comm -13 "$U/$N.kept" "$U/$N.after"); do
    grep -qF -- "${line% *} " "$U/$N.kept" && grep -q "^${line% *} " "$U/$N.kept" || gone="$gone ${line% *}"
  done
  for line in $(LC_ALL=C comm -23 "$U/$N.kept" "$U/$N.after"); do
    back="$back ${line% *}=${line##* }"
  done
  unset IFS
  holds=$(apt-mark showhold)
  [ -z "$holds" ] || apt-mark unhold $holds >/dev/null
  [ -z "$back" ] || must_apt install --allow-downgrades $back
  present=''
  for name in $gone; do
    version_of "$name"
    [ -z "$VERSION" ] || present="$present $name"
  done
  [ -z "$present" ] || must_apt purge $present
  [ -z "$was" ] || must apt-mark hold $was
}
