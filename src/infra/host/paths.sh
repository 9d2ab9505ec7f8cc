# Files, folders and links. A state is one line: `file SHA256 MODE OWNER GROUP`, `directory MODE OWNER GROUP`,
# `link TARGET`, `missing`, or `any`.

# look_at PATH: what is there, in NOW; owners by name and by number.
look_at() {
  NOW=missing SUM='' MODE='' OWNER='' OWNER_ID='' GROUP_='' GROUP_ID=''
  if [ -L "$1" ]; then
    TARGET=$(readlink -n -- "$1" && printf .)
    TARGET=${TARGET%.}
    NOW="link $TARGET"
  elif [ -d "$1" ]; then
    stat_of "$1" && NOW="directory $MODE $OWNER $GROUP_"
  elif [ -f "$1" ]; then
    SUM=$(sha256sum <"$1") && SUM=${SUM%% *} && stat_of "$1" && NOW="file $SUM $MODE $OWNER $GROUP_"
  elif [ -e "$1" ]; then
    NOW='something else'
  fi
}

stat_of() {
  STAT=$(stat -c '%a:%u:%g:%U:%G' -- "$1") || return 1
  MODE=${STAT%%:*} STAT=${STAT#*:}
  OWNER_ID=${STAT%%:*} STAT=${STAT#*:}
  GROUP_ID=${STAT%%:*} STAT=${STAT#*:}
  OWNER=${STAT%%:*} GROUP_=${STAT#*:}
  [ "$OWNER" != UNKNOWN ] || OWNER=$OWNER_ID
  [ "$GROUP_" != UNKNOWN ] || GROUP_=$GROUP_ID
}

# is STATE: whether what was looked at is so
is() {
  case $1 in
  any) return 0 ;;
  missing | 'link '*) [ "$NOW" = "$1" ] ;;
  'file '*)
    set -- $1
    case $NOW in file*) [ "$2" = "$SUM" ] && is_access "$3" "$4" "$5" ;; *) return 1 ;; esac
    ;;
  'directory '*)
    set -- $1
    case $NOW in directory*) is_access "$2" "$3" "$4" ;; *) return 1 ;; esac
    ;;
  *) return 1 ;;
  esac
}

is_access() {
  [ "$1" = "$MODE" ] && { [ "$2" = "$OWNER" ] || [ "$2" = "$OWNER_ID" ]; } &&
    { [ "$3" = "$GROUP_" ] || [ "$3" = "$GROUP_ID" ]; }
}

# ready PATH BEFORE AFTER: fails when it is so already; gives up when it is neither as it was nor as it shall be.
ready() {
  path=$1
  look_at "$path"
  if [ "$3" != any ] && is "$3"; then
    done_as same
    return 1
  fi
  is "$2" || give_up "$path moved since the plan: it was to be $2, and is $NOW" 'look at who changed it there, and plan again'
}

# The record of a path, with a copy of what is there.
keep_path() {
  [ -d "$U" ] || must mkdir -p "$U"
  [ -s "$U/$N.was" ] || case $NOW in
  file* | link*)
    must rm -rf "$U/$N.kept"
    must cp -a --reflink=auto -- "$path" "$U/$N.kept"
    [ -L "$path" ] || KEPT=$U/$N.kept
    ;;
  esac
  case $NOW in
  file* | directory*) record "$NOW : $OWNER_ID:$GROUP_ID" ;;
  link*) record link ;;
  missing) record missing ;;
  *) give_up "$path is neither file, folder nor link" 'take it away by hand, and plan again' ;;
  esac
}

# A folder of ours beside the path: nobody else can put anything into it, and what is made there is renamed into place.
# From then on we stand in it.
stage() {
  folder=${path%/*}
  name=${path##*/}
  [ -d "$folder/" ] || give_up "its folder $folder is not there" "$retry"
  STAGE=$(mktemp -d "$folder/.tandem-XXXXXX" 2>"$RUN/said") && cd -P "$STAGE" ||
    give_up "cannot write in $folder" 'is the disk full, or mounted read-only?'
}

unstage() {
  cd "$RUN" && rm -rf "$STAGE"
}

fail_staged() {
  tail_of "$RUN/said"
  unstage
  give_up "$1" "$2"
}

# place: what was staged as `new` takes the place of the path. What is mounted there cannot be renamed over, and is
# written in place: the copy that was kept is its journal.
place() {
  mv -fT new "../$name" >"$RUN/said" 2>&1 || {
    mountpoint -q -- "$path" && [ -f new ] && cat new >"$path" && chown --reference=new -- "$path" &&
      chmod --reference=new -- "$path" && sync "$path" || fail_staged "cannot put it in place" "$retry"
  }
  unstage
  later "${path%/*}/"
}

# check COMMAND… in which `%` stands for the new file
accepted() {
  count=$#
  while [ "$count" -gt 0 ]; do
    word=$1
    shift
    [ "$word" != % ] || word=$STAGE/new
    set -- "$@" "$word"
    count=$((count - 1))
  done
  "$@" >"$RUN/said" 2>&1 </dev/null
}

# verify AFTER: what counts is what is there now.
verify() {
  look_at "$path"
  is "$1" || give_up "$path is $NOW now, and was to be $1" 'see who else writes it, and apply again'
  done_as changed
}

# write PATH BEFORE AFTER BYTES [CHECK…]
write() {
  ready "$1" "$2" "$3" || return 0
  after=$3
  bytes_of "$4"
  shift 4
  [ -f "$bytes" ] || give_up "the bytes kept as $bytes are not there any more" 'only the newest changes keep them: write the file anew'
  keep_path
  stage
  case $NOW-$bytes in
  file*) as_before ;;
  *-"$RUN"/*) as_new $after ;;
  *) as_kept ;;
  esac >"$RUN/said" 2>&1 || fail_staged 'cannot write the new file' 'is the disk full, and does its owner exist there?'
  [ $# -eq 0 ] || accepted "$@" || fail_staged "\`$*\` does not accept the new file" 'nothing was changed; read its lines, mend the file and apply again'
  sync new || fail_staged 'cannot sync the new file' "$retry"
  place
  verify "$after"
}

# What replaces a file has all that the old one had beside its bytes: access lists, extended attributes.
as_before() {
  cp --attributes-only --preserve=all -- "../$name" new && cat "$bytes" >new || return 1
  has_access $after || set_access new "$after"
}

# as_new file SHA256 MODE OWNER GROUP
as_new() { install -m "$3" -o "$4" -g "$5" -- "$bytes" new; }

# What comes back where nothing is any more has all that it had.
as_kept() { cp -a --reflink=auto -- "$bytes" new && set_access new "$after"; }

has_access() { is_access "$3" "$4" "$5"; }

# set_access FILE STATE: chown takes setuid away, so it goes first.
set_access() {
  FILE=$1
  set -- $2
  [ "$1" != file ] || shift
  chown -h -- "$3:$4" "$FILE" && chmod -- "00$2" "$FILE"
}

# mkdir_at PATH BEFORE AFTER
mkdir_at() {
  ready "$1" "$2" "$3" || return 0
  after=$3
  case $NOW in missing | directory*) ;; *) give_up "$path is $NOW" 'take it away by hand, and plan again' ;; esac
  keep_path
  if [ "$NOW" = missing ]; then
    must mkdir -m 700 -- "$path"
    later "${path%/*}/"
  fi
  must set_access "$path" "$after"
  verify "$after"
}

# access PATH BEFORE AFTER
access() {
  ready "$1" "$2" "$3" || return 0
  after=$3
  keep_path
  must set_access "$path" "$after"
  must sync "$path"
  verify "$after"
}

# link PATH BEFORE AFTER
link_at() {
  ready "$1" "$2" "$3" || return 0
  after=$3
  keep_path
  stage
  ln -s -- "${after#link }" new 2>"$RUN/said" || fail_staged 'cannot make the link' 'is the disk full?'
  place
  verify "$after"
}

# remove PATH BEFORE all|one|spare
remove() {
  ready "$1" "$2" missing || return 0
  case $NOW-$3 in
  directory*-all) keep_tree ;;
  directory*-spare)
    keep_path
    rmdir -- "$path" 2>/dev/null || {
      tell "step $path stays, because something else is in it"
      done_as same
      return 0
    }
    ;;
  directory*-*)
    keep_path
    must rmdir -- "$path"
    ;;
  *)
    keep_path
    must rm -f -- "$path"
    ;;
  esac
  later "${path%/*}/"
  verify missing
}

# A whole folder is moved to what is kept; where that is another file system, copied first.
keep_tree() {
  record "$NOW : $OWNER_ID:$GROUP_ID"
  if [ -e "$U/$N.kept" ]; then
    must rm -rf -- "$path"
  else
    must rm -rf "$U/$N.part"
    if same_system "$path" "$U"; then
      must mv -T -- "$path" "$U/$N.kept"
    else
      must cp -a --reflink=auto -- "$path" "$U/$N.part"
      must sync -f "$U/$N.part"
      must mv -T "$U/$N.part" "$U/$N.kept"
      must rm -rf -- "$path"
    fi
  fi
  must sync "$U"
}

same_system() {
  devices=$(stat -c %d -- "$1" "$2") && [ "${devices%%$nl*}" = "${devices##*$nl}" ]
}

# bytes_of sent:DIGEST, or kept:CHANGE/NUMBER
bytes_of() {
  case $1 in
  sent:*) bytes=$RUN/bytes/${1#sent:} ;;
  kept:*) bytes=$ROOT/undo/${1#kept:}.kept ;;
  esac
}

# restore PATH BEFORE kept:CHANGE/NUMBER: whatever stood there before that operation; what is kept stays kept.
restore() {
  path=$1
  look_at "$path"
  is "$2" || give_up "$path moved since the plan: it was to be $2, and is $NOW" 'look at who changed it there, and plan again'
  bytes_of "$3"
  first "${bytes%.kept}.was"
  wanted=$LINE
  case $wanted in
  '') give_up "what was kept as $bytes is not there any more" 'only the newest changes keep it: make it anew' ;;
  missing) restore_nothing ;;
  *) if [ -e "$bytes" ] || [ -L "$bytes" ]; then restore_copy; else restore_folder; fi ;;
  esac
  done_as changed
}

restore_nothing() {
  [ "$NOW" != missing ] || return 0
  keep_path
  case $NOW in directory*) must rmdir -- "$path" ;; *) must rm -f -- "$path" ;; esac
  must sync "${path%/*}/"
}

restore_copy() {
  case $NOW in directory*) keep_tree ;; *) keep_path ;; esac
  stage
  cp -a --reflink=auto -- "$bytes" new 2>"$RUN/said" || fail_staged 'cannot copy it back' 'is the disk full?'
  sync -f "$STAGE"
  place
}

# A folder whose owner and mode alone were changed, or that was empty.
restore_folder() {
  keep_path
  [ "$NOW" != missing ] || must mkdir -- "$path"
  set -- ${wanted% : *}
  must chown -h -- "${wanted##* : }" "$path"
  must chmod -- "00$2" "$path"
  must sync "$path"
}
