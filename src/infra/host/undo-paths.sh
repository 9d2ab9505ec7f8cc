# undo_path PATH TYPE: puts back what the record says was there.
undo_path() {
  path=$1 type=$2 folder=${1%/*} ids=${was##* : }
  rm -rf "$folder"/.tandem-??????
  case $was in
  missing) undo_made ;;
  'file '*) was=${was% : *} && undo_file ;;
  link) put_back ;;
  'directory '*) was=${was% : *} && undo_folder ;;
  esac && { [ ! -d "$folder/" ] || sync "$folder/"; }
}

# What was not there goes; a folder only when nothing foreign is in it.
undo_made() {
  if [ -L "$path" ] || [ ! -d "$path" ]; then
    rm -f -- "$path"
  elif [ "$type" = restore ]; then
    rm -rf -- "$path"
  else
    rmdir -- "$path" 2>/dev/null || say "$path stays, because something is in it that this change did not bring"
  fi
}

undo_file() {
  look_at "$path"
  if is "$was"; then return 0; fi
  case $type-$NOW in
  access-file*) cp --attributes-only --preserve=all -- "$U/$N.kept" "$path" ;;
  *) put_back ;;
  esac
}

put_back() {
  stage
  cp -a --reflink=auto -- "$U/$N.kept" new && { [ -L new ] || sync new; } || fail_staged 'cannot copy it back' "$retry"
  place
}

undo_folder() {
  if [ -e "$U/$N.kept" ]; then
    rm -rf -- "$path"
    stage
    cp -a --reflink=auto -- "$U/$N.kept" new && sync -f new || fail_staged 'cannot copy it back' "$retry"
    place
  else
    [ -d "$path" ] || mkdir -- "$path" || return 1
    set -- $was
    chown -h -- "$ids" "$path" && chmod -- "00$2" "$path"
  fi
}
