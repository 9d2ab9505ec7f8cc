# Words that all deploy programs share. `vars` beside this program sets the names used in capitals.
# dash, bash --posix and busybox ash all run it; nothing here relies on `set -e`.

A=$ROOT/apps/$NAME
umask 022

# Lines that begin with this mark are for the hub; everything else is for people.
tell() { printf '@%s %s\n' "$MARK" "$*"; }

# trouble WHAT NOW: says why this program gives up, and ends it.
trouble() {
  tell "trouble $1"
  tell "now $2"
  exit 1
}

# Last lines of a file, for the trouble that comes next.
tail_of() { tail -n 15 "$1" 2>/dev/null | while IFS= read -r line; do tell "tail $line"; done; }

# put FILE TEXT: the file has the old text or the new one.
put() {
  printf '%s\n' "$2" >"$1.new" || return 1
  mv -fT "$1.new" "$1"
}

# keep FILE TEXT FILE TEXT: the same for two, in this order, also after a power cut.
keep() {
  printf '%s\n' "$2" >"$1.new" && printf '%s\n' "$4" >"$3.new" || return 1
  sync "$1.new" "$3.new"
  mv -fT "$1.new" "$1" && mv -fT "$3.new" "$3"
}

# look FILE: the first line of a file, or nothing, without a fork.
look() {
  LOOK=
  [ -f "$1" ] && IFS= read -r LOOK <"$1"
  return 0
}

# state RELEASE STATE REASON
state() { put "$A/releases/$1.state" "$2 $TOKEN $CHANGE $3"; }

# mark RELEASE STATE: the same for a state that nobody goes back to: a power cut may empty it, then the release is made
# anew. Costs no fork.
mark() { printf '%s\n' "$2 $TOKEN $CHANGE -" >"$A/releases/$1.state"; }

# state_of RELEASE: sets STATE (empty if the release is unknown here)
state_of() {
  look "$A/releases/$1.state"
  STATE=${LOOK%% *}
}

# release_in SLOT: sets IN to the release that the slot was filled with, HAS to its settings
release_in() {
  IN= HAS=
  look "$A/slots/$1/spec"
  [ -n "$LOOK" ] && IN=${LOOK%% *} && HAS=${LOOK#* }
  return 0
}

# services_of SLOT: sets LISTED to what always runs there, which the release that fills the slot says.
services_of() {
  LISTED=$SERVICES
  [ ! -e "$A/slots/$1/services" ] || { look "$A/slots/$1/services" && LISTED=$LOOK; }
}

start_all() { services_of "$1" && svc_start "$1" $LISTED; }

stop_all() { services_of "$1" && svc_stop "$1" $LISTED; }

# demote REASON: what a release that lost its chance is from now on; one that was good before stays good.
demote() {
  look "$A/slots/$SLOT/before"
  if [ "$LOOK" = healthy ]; then state "$RELEASE" healthy -; else state "$RELEASE" failed "$1"; fi
}

# keep_warm: what waits to be stopped is not stopped: a change has a use for it.
keep_warm() { [ ! -e "$A/retiring" ] || : >"$A/retiring"; }

# retire_later SLOT SECONDS: the old release stays warm that long, then stops by itself. A sleeping shell and not a timer
# of systemd, which would cost this host more than the rest of the confirmation.
retire_later() {
  look "$A/retirer"
  { read -r line <"/proc/$LOOK/cmdline"; } 2>/dev/null
  case $line in *"$A/retire.sh"*) kill -TERM "-$LOOK" 2>/dev/null ;; esac
  printf '%s\n' "$TOKEN" >"$A/retiring"
  free /bin/sh -c 'echo $$ >"$5"; sleep "$2"; exec /bin/sh "$1" "$3" "$4"' retire "$A/retire.sh" "$2" "$1" "$TOKEN" "$A/retirer"
}
