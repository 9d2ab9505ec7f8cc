import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { commandThing, gone, shScript } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { placeOf } from './content.ts'
import { all, alone, atLeastOne } from './rules.ts'
import { absolutePath, access, options, yes } from './words.ts'

export const url = text(
  "an address, such as 'https://example.com/tool-1.2.tar.gz'",
  /^https?:\/\/[!-~]{1,2000}$/,
)
export const sha256 = text('a SHA-256 in hexadecimal, such as what `sha256sum FILE` prints', /^[0-9a-f]{64}$/)

/** What a large file may take over a slow line. */
export const downloadLimitMs = 600_000

const downloadOptions = options(
  { url: url.optional(), sha256: sha256.optional(), ...access, absent: yes.optional() },
  "url: 'https://example.com/tool', sha256: '…'",
).superRefine(
  all(
    atLeastOne(['url'], "'https://example.com/tool'", 'absent'),
    atLeastOne(['sha256'], "'…', what `sha256sum FILE` prints", 'absent'),
    alone('absent'),
  ),
)

/** A file that the host fetches itself. The hub never sees its bytes, so it is known by its digest alone. */
export const download: ResourceSort<z.output<typeof downloadOptions>> = {
  type: 'download',
  name: absolutePath,
  options: downloadOptions,
  lower: async ({ name, options }, world) => {
    const path = placeOf(name, world)
    const { url, sha256, mode = 0o644, owner = 'root', group = 'root' } = options
    if (url === undefined || sha256 === undefined) return [pathThing(path, gone)]
    const folder = path.slice(0, path.lastIndexOf('/')) || '/'
    const octal = mode.toString(8)
    const shown = `%a %${/^\d+$/.test(owner) ? 'u' : 'U'} %${/^\d+$/.test(group) ? 'g' : 'G'}`
    const thing = commandThing({
      name: `download ${path}`,
      says: `download ${url} to ${path}`,
      check: shScript(check, [path, sha256, shown, `${octal} ${owner} ${group}`], downloadLimitMs),
      run: shScript(run, [path, folder, url, sha256, octal, `${owner}:${group}`], downloadLimitMs),
      undo: shScript(undo, [path, folder]),
    })
    return [{ ...thing, key: `path ${path}` }]
  },
}

const check = `
[ -f "$1" ] && [ ! -L "$1" ] && [ "$(stat -c "$3" "$1")" = "$4" ] &&
  printf '%s  %s\\n' "$2" "$1" | sha256sum --check --status
`

/** The sandbox of apt cannot write here; what it fetched is compared with its digest in any case. */
export const fetch =
  'tandem_fetch() { /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file "$@"; }'

/** A folder for what is not whole yet, on the same file system, gone when the program ends. */
export const stage = `
trap 'exit 143' HUP INT TERM
trap 'rm -rf "$stage"' EXIT
`

const run = `
${fetch}
[ ! -d "$1" ] || [ -L "$1" ] || { echo "$1 is a folder" >&2; exit 1; }
rm -rf "$2"/.tandem-????????
stage=$(mktemp -d "$2/.tandem-XXXXXXXX")
${stage}
tandem_fetch "$3" "$stage/file" "SHA256:$4"
chown "$6" "$stage/file"
chmod "$5" "$stage/file"
if [ ! -e "$TANDEM_KEEP/ready" ]; then
  rm -rf "$TANDEM_KEEP"
  mkdir "$TANDEM_KEEP"
  if [ -e "$1" ] || [ -L "$1" ]; then cp -a "$1" "$TANDEM_KEEP/was"; fi
  : >"$TANDEM_KEEP/ready"
fi
sync
mv -fT "$stage/file" "$1"
`

const undo = `
[ -e "$TANDEM_KEEP/ready" ] || exit 0
if [ ! -e "$TANDEM_KEEP/was" ] && [ ! -L "$TANDEM_KEEP/was" ]; then rm -f "$1"; exit 0; fi
stage=$(mktemp -d "$2/.tandem-XXXXXXXX")
${stage}
cp -a "$TANDEM_KEEP/was" "$stage/file"
mv -fT "$stage/file" "$1"
`
