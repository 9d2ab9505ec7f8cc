# What a release is, is known by a statement that the hub has signed; the release here is compared with that.

# signed: the list that came is the one of the statement, and the statement is of the hub that this host knows. Sets SEEN
# to the digest of the list and BY to the key, or to - where this host cannot tell.
signed() {
  SEEN=$(sha256sum <"$RUN/list")
  SEEN=${SEEN%% *}
  IFS= read -r statement <"$RUN/statement"
  case $statement in
  *"{\"digest\":{\"sha256\":\"$RELEASE\"},\"name\":\"release.tar\"},{\"digest\":{\"sha256\":\"$SEEN\"},\"name\":\"files.sha256\"}"*) ;;
  *) trouble "what arrived is not the release ${RELEASE} that the hub has signed" "nothing was changed here; deploy again, and look at the disk of the hub if it stays" ;;
  esac
  hubs=$ROOT/hub.keys
  { IFS= read -r hub && IFS= read -r id; } <"$RUN/hub"
  [ -s "$hubs" ] || put "$hubs" "$hub" || no_space
  grep -qxF "$hub" "$hubs" ||
    trouble "this release was signed by another hub than the one that this host knows" "if this hub takes the place of that one, remove $hubs on this host and deploy again"
  BY=-
  if command -v ssh-keygen >/dev/null; then
    ssh-keygen -Y verify -f "$hubs" -I hub -n tandem-release -s "$RUN/statement.sig" <"$RUN/statement" >"$RUN/bad" 2>&1 || {
      tail_of "$RUN/bad"
      trouble "the statement of the release is not signed by the hub that this host knows" "nothing was changed here; deploy again, and look at the disk of the hub if it stays"
    }
    BY=$id
  fi
}

# fits FOLDER clean|look: it has what the list says, byte for byte
fits() {
  (cd "$1" && perl -e "$TREE_PL" -- "$RUN/list" "$2" "$RUN/shared" "$RUN/links" >"$RUN/sums" 2>"$RUN/bad") || return 1
  [ ! -s "$RUN/sums" ] || (cd "$1" && sha256sum --quiet -c "$RUN/sums" >"$RUN/bad" 2>&1)
}
