import type { z } from 'zod'
import { text, whole } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { asItIs, commandThing, neededPackage, owing, shScript } from '../things/make.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import type { Debt, Edit, Thing } from '../things/thing.ts'
import { all, alone, atLeastOne } from './rules.ts'
import { absolutePath, oneOrMore, options, yes } from './words.ts'

const word = /^[^\s\p{Cc}\p{Co}#][^\s\p{Cc}\p{Co}]*$/u

const shape = options(
  {
    device: text(
      "what is mounted, such as '/dev/sdb1', 'UUID=…' or 'nas:/export'",
      /^[^\p{Cc}\p{Co}#][^\p{Cc}\p{Co}]*$/u,
    ).optional(),
    type: text("the type of a file system, such as 'ext4'", /^[a-z][a-z0-9._,-]{0,40}$/).optional(),
    options: oneOrMore(text("an option of mount, such as 'noatime'", word), "'noatime'").optional(),
    dump: whole(0, 1, 0).optional(),
    pass: whole(0, 9, 2).optional(),
    absent: yes.optional(),
  },
  "device: '/dev/sdb1', type: 'ext4'",
).superRefine(
  all(
    alone('absent'),
    atLeastOne(['device'], "'/dev/sdb1'", 'absent'),
    atLeastOne(['type'], "'ext4'", 'absent'),
  ),
)

type Options = z.output<typeof shape>

/** A file system at a place: its line in /etc/fstab, and mounted now. */
export const mount: ResourceSort<Options> = {
  type: 'mount',
  name: absolutePath,
  options: shape,
  lower({ id, name, options: written }) {
    const isGone = written.absent === true
    const edits: readonly Edit[] = isGone
      ? [{ type: 'no line', line: null, matches: lineOf(name) }]
      : [{ type: 'line', line: fstabLine(name, written), replaces: lineOf(name), after: null }]
    const fstab = pathThing('/etc/fstab', { type: 'edited', edits, create: true, ...asItIs })
    const line = sharedPath(owing(fstab, isGone ? [reread] : [reread, remount(name)]), id)
    if (isGone) return Promise.resolve([unmounted(name), line])
    const folder = sharedPath(pathThing(name, { type: 'directory', ...asItIs }), id)
    return Promise.resolve([...needed(id, written), folder, line, mounted(name)])
  },
}

const packages: Readonly<Record<string, string>> = {
  nfs: 'nfs-common',
  nfs4: 'nfs-common',
  cifs: 'cifs-utils',
}

/** File systems of other machines are mounted by programs of their own. */
function needed(id: string, { type = '' }: Options): readonly Thing[] {
  const name = packages[type]
  return name === undefined ? [] : [neededPackage(name, id)]
}

/** Systemd makes units out of fstab. */
const reread: Debt = { type: 'units' }

/** New options of what is mounted already take effect. */
const remount = (path: string): Debt => ({
  type: 'command',
  name: `mount -o remount ${path}`,
  script: shScript('mountpoint -q -- "$1" || exit 0; exec mount -o remount -- "$1"', [path]),
})

const mounted = (path: string): Thing =>
  commandThing({
    name: `mount ${path}`,
    check: shScript('exec mountpoint -q -- "$1"', [path], 10_000),
    run: shScript('exec mount -- "$1"', [path]),
    undo: shScript('mountpoint -q -- "$1" || exit 0; exec umount -- "$1"', [path]),
  })

const unmounted = (path: string): Thing =>
  commandThing({
    name: `umount ${path}`,
    check: shScript('! mountpoint -q -- "$1"', [path], 10_000),
    run: shScript('exec umount -- "$1"', [path]),
    undo: shScript('mountpoint -q -- "$1" || exec mount -- "$1"', [path]),
  })

function fstabLine(
  path: string,
  { device = '', type = '', options = ['defaults'], dump = 0, pass = 0 }: Options,
): string {
  return [device, path, type, options.join(','), dump, pass].map((field) => escaped(String(field))).join(' ')
}

/** What stands for a character that would end a field. */
const escaped = (field: string): string => field.replaceAll('\\', '\\134').replaceAll(' ', '\\040')

/** The line of this mount point, whatever is mounted there; lines of comment are not meant. */
const lineOf = (path: string): string =>
  String.raw`^\s*[^#\s]\S*\s+${escaped(path).replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}\s`
