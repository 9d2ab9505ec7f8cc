# Brings the release here and fills the slot that is not live with it. Nothing is started. ALONE: a migration comes
# between this and the start, so the program ends here.

D=$A/releases/$RELEASE

unpack() {
  state_of "$RELEASE"
  if [ -d "$D" ] && [ -n "$STATE" ] && [ "$STATE" != building ]; then
    case $(readlink "$A/slots/$LIVE/release" 2>/dev/null) in
    */$RELEASE) how=look ;;
    *) how=clean ;;
    esac
    fits "$D" $how && return 0
    tell "step the copy here is damaged: it is made anew"
    [ $how = clean ] || { tail_of "$RUN/bad"; trouble "the files of the live release were changed on this host" "see \`ls -lt $D\`; deploy another commit, or move the folder aside"; }
    rm -rf "$D"
  fi
  still_mine
  [ -d "$A/shared" ] || mkdir -p "$A/releases" "$A/slots" "$A/shared"
  mark "$RELEASE" building
  [ ! -e "$D.part" ] || rm -rf "$D.part"
  if [ -n "$BASE" ] && [ -d "$A/releases/$BASE" ]; then
    cp -al "$A/releases/$BASE" "$D.part" && { [ ! -s "$RUN/gone" ] || (cd "$D.part" && xargs -0 rm -rf -- <"$RUN/gone"); }
  else
    [ -n "$BASE" ] && trouble "the release $BASE that this host had is gone" "deploy again"
    mkdir "$D.part"
  fi || no_space
  [ -d "$D.part" ] || mkdir "$D.part"
  tar -xf "$RUN/delta" -C "$D.part" --no-same-owner 2>"$RUN/tar" || { tail_of "$RUN/tar"; no_space; }
  fits "$D.part" clean || {
    tail_of "$RUN/bad"
    rm -rf "$D.part"
    trouble "the files that arrived are not those that were built" "deploy again; if it stays, look at this host's disk"
  }
  [ ! -e "$D" ] || rm -rf "$D"
  sync -f "$D.part"
  mv -T "$D.part" "$D" || no_space
}

no_space() {
  rm -rf "$D.part"
  set -- $(df -Pk "$A" | tail -n 1)
  trouble "cannot write the release ($4 KB are free in $A)" "make room on this host and deploy again"
}

# Folders and files that outlive releases are links in each of them.
link_shared() {
  while IFS= read -r name; do
    [ -z "$name" ] && continue
    mkdir -p "$A/shared/$name"
    [ -n "$APP_USER" ] && chown "$APP_USER:" "$A/shared/$name"
    link_into "$name"
  done <"$RUN/shared"
  while IFS= read -r name; do
    [ -z "$name" ] && continue
    case $name in */*) mkdir -p "$A/shared/${name%/*}" ;; esac
    [ -e "$A/shared/$name" ] || { [ -f "$D/$name" ] && [ ! -L "$D/$name" ] && cp "$D/$name" "$A/shared/$name"; }
    link_into "$name"
  done <"$RUN/links"
}

link_into() {
  [ "$(readlink "$D/$1")" = "$A/shared/$1" ] && return 0
  case $1 in */*) mkdir -p "$D/${1%/*}" ;; esac
  rm -rf "${D:?}/$1"
  ln -s "$A/shared/$1" "$D/$1"
}

# The app's user is made once. It passes through our folder on the way to its own files; runs and leases stay ours.
make_user() {
  [ -z "$APP_USER" ] && return 0
  look "$A/user"
  [ "$LOOK" = "$APP_USER" ] && return 0
  chmod 711 "$ROOT"
  id -u "$APP_USER" >/dev/null 2>&1 ||
    useradd --system --no-create-home --home-dir "$A" --shell /usr/sbin/nologin "$APP_USER" >"$RUN/useradd" 2>&1 || {
    tail_of "$RUN/useradd"
    trouble "cannot make the user $APP_USER" "make it on this host, or name another with user: '…' in tandem.ts"
  }
  put "$A/user" "$APP_USER"
}

# What was left warm in this slot goes now, for somebody waits for it. Requests that still run there mostly end within
# two seconds; then the app is asked to end, and has its whole time to finish and to say goodbye to its streams, which
# may have stayed for hours. The front cuts none of them.
empty_slot() {
  [ -e "$A/slots/$SLOT" ] || return 0
  grace=2
  [ "$DRAIN_S" -ge 2 ] || grace=$DRAIN_S
  if [ "$FRONT" != none ] && [ -S "$FRONT_SOCKET" ]; then
    perl -e "$FRONT_PL" -- --drain "$FRONT_SOCKET" "$NAME/$SLOT" "$grace" "$A/drained" >/dev/null 2>&1
  fi
  stop_all "$SLOT"
  rm -rf "${A:?}/slots/$SLOT"
}

fill_slot() {
  S=$A/slots/$SLOT
  look "$A/words"
  if [ "$LOOK" != "$WORDS_HASH" ]; then
    mv -f "$RUN"/app/* "$A/" || no_space
    put "$A/words" "$WORDS_HASH"
  fi
  mv -T "$RUN/slot" "$S" || no_space
  printf "LOCK='%s'\n" "$lease/held" >"$A/retire.lock"
  printf '%s\n' "${BEFORE:-none}" >"$S/before"
  printf '%s\n' "$RELEASE $SPEC" >"$S/spec"
}

[ -d "$A" ] || mkdir -p "$A" || trouble "cannot make $A" "look at the disk of this host"
make_user
tar -xf "$RUN/bundle" -C "$RUN" 2>"$RUN/tar" || { tail_of "$RUN/tar"; no_space; }
# It may hold secrets, and this program may stay for long.
: >"$RUN/bundle"
look "$A/live"
LIVE=$LOOK
[ "$LIVE" = "$OLD_SLOT" ] || trouble "this host moved since the plan: slot ${LIVE:-none} is live, the plan saw ${OLD_SLOT:-none}" "order it again: it will be planned anew"
state_of "$RELEASE"
BEFORE=$STATE
signed
unflip
keep_warm
still_mine
# The old occupant takes its time to end; meanwhile the files arrive.
empty_slot &
emptying=$!
unpack
link_shared
install_units
wait "$emptying"
still_mine
fill_slot
tell "step files are here"
tell "checked $SEEN $BY"
if [ -n "$ALONE" ]; then
  mark "$RELEASE" staged
  tell "staged"
fi
