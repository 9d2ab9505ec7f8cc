/**
 * The programs of an archive on its host. In the folder, `.tandem-archive` says in its first line which archive is
 * unpacked there and how; after it come the names of its files, each ended by a NUL, so that the next archive knows
 * what was of the one before.
 */
import { fetch, stage } from './download.ts'

/** $1 folder, $2 stamp. */
export const archiveCheck = `
[ -f "$1/.tandem-archive" ] && IFS= read -r stamp <"$1/.tandem-archive" && [ "$stamp" = "$2" ]
`

/**
 * $1 folder, $2 stamp, $3 leading folders to leave out, $4 owner:group or nothing, $5 the archive or nothing, $6 else
 * its address, $7 and its digest. Files are linked into place whole, so that nobody reads half of one; all files that
 * this replaces or removes are kept before, and all folders as they were.
 */
export const archiveRun = `
export LC_ALL=C
${fetch}
cd "$1"
rm -rf .tandem-????????
stage=$(mktemp -d "$1/.tandem-XXXXXXXX")
${stage}
tar=$5
if [ -z "$tar" ]; then tar=$stage/archive; tandem_fetch "$6" "$tar" "SHA256:$7"; fi
mkdir "$stage/new"
tar -xf "$tar" -C "$stage/new" --strip-components="$3" --no-same-owner
[ -z "$4" ] || chown -hR "$4" "$stage/new"
cd "$stage/new"
find . ! -type d -print0 >"$stage/unsorted"
sort -z "$stage/unsorted" >"$stage/files"
[ -s "$stage/files" ] || { echo "nothing is left of the archive after strip: $3" >&2; exit 1; }
cd "$1"
: >"$stage/old"
[ ! -f .tandem-archive ] || tail -n +2 .tandem-archive >"$stage/old"
if [ ! -e "$TANDEM_KEEP/ready" ]; then
  rm -rf "$TANDEM_KEEP"
  mkdir "$TANDEM_KEEP"
  cp "$stage/files" "$TANDEM_KEEP/files"
  find . -mindepth 1 -path "./\${stage##*/}" -prune -o -type d -print0 >"$TANDEM_KEEP/folders"
  find . -path "./\${stage##*/}" -prune -o ! -type d -print0 >"$stage/unsorted"
  sort -z "$stage/unsorted" >"$stage/have"
  printf './.tandem-archive\\0' >"$stage/stamp"
  sort -zu "$stage/files" "$stage/old" "$stage/stamp" >"$stage/touched"
  comm -z -12 "$stage/have" "$stage/touched" >"$stage/kept"
  cat "$TANDEM_KEEP/folders" >>"$stage/kept"
  tar -cf "$TANDEM_KEEP/was.tar" --null --no-recursion --verbatim-files-from -T "$stage/kept"
  : >"$TANDEM_KEEP/ready"
fi
sync
chmod --reference=. "$stage/new"
chown --reference=. "$stage/new"
cp -al --remove-destination "$stage/new/." .
comm -z -23 "$stage/old" "$stage/files" >"$stage/gone"
xargs -0 -r rm -f -- <"$stage/gone"
xargs -0 -r dirname -z -- <"$stage/gone" | sort -zru | xargs -0 -r rmdir -p -- 2>"$stage/not-empty" || :
printf '%s\\n' "$2" >"$stage/stamp"
cat "$stage/files" >>"$stage/stamp"
sync
mv -fT "$stage/stamp" .tandem-archive
`

/** $1 folder. What came goes, what was kept comes back; folders that came go unless somebody uses them by now. */
export const archiveUndo = `
export LC_ALL=C
[ -e "$TANDEM_KEEP/ready" ] && [ -d "$1" ] || exit 0
cd "$1"
find . -mindepth 1 -type d -print0 | sort -z >"$TANDEM_KEEP/folders-now"
xargs -0 -r rm -f -- <"$TANDEM_KEEP/files"
rm -f .tandem-archive
tar -xpf "$TANDEM_KEEP/was.tar"
sort -z "$TANDEM_KEEP/folders" >"$TANDEM_KEEP/folders-then"
comm -z -13 "$TANDEM_KEEP/folders-then" "$TANDEM_KEEP/folders-now" | sort -zr |
  xargs -0 -r rmdir --ignore-fail-on-non-empty -- 2>/dev/null || :
`
