import { TroubleError } from '../../change/trouble.ts'
import { parse } from '../../config/mistakes/complain.ts'
import type { Mistake } from '../../config/mistakes/mistake.ts'
import type { LoweringWorld, Resource, ResourceSort } from '../recipe/resource.ts'
import type { Thing } from '../things/thing.ts'

/** For tests of sorts: a host without anything particular, whose files and secrets are given. */
export function tryWorld(
  files: Readonly<Record<string, string>> = {},
  secrets: Readonly<Record<string, string>> = {},
): LoweringWorld {
  return {
    host: { name: 'web1', roles: ['web'], vars: {}, facts },
    bytesOf: (path) => {
      const text = files[path]
      if (text === undefined) throw new TroubleError({ what: `no file ${path}`, now: 'make it' })
      return Promise.resolve(new TextEncoder().encode(text))
    },
    reveal: (text) => {
      const names = Object.keys(secrets).filter((name) => text.includes(`{${name}}`))
      return {
        text: names.reduce((all, name) => all.replaceAll(`{${name}}`, secrets[name] ?? ''), text),
        secrets: names,
      }
    },
    thingsOf: () => [],
    homeOf: () => null,
  }
}

const facts: LoweringWorld['host']['facts'] = {
  os: 'debian',
  version: '12',
  codename: 'bookworm',
  arch: 'amd64',
  kernel: '6.1.0-13-amd64',
  hostname: 'web1',
  cpus: 2,
  memoryMb: 2048,
  addresses: ['10.0.0.1'],
  init: 'systemd',
  virtualization: 'kvm',
}

/** What `word(name, options)` is made of. Mistakes in it are a bug of the test. */
export async function lowered<Options>(
  sort: ResourceSort<Options>,
  name: unknown,
  options: unknown = {},
  world: LoweringWorld = tryWorld(),
): Promise<readonly Thing[]> {
  return sort.lower(resourceOf(sort, name, options), world)
}

export function resourceOf<Options>(
  sort: ResourceSort<Options>,
  name: unknown,
  options: unknown,
): Resource<Options> {
  const parsedName = sort.name.parse(name)
  return {
    number: 0,
    type: sort.type,
    id: `${sort.type} ${parsedName}`,
    name: parsedName,
    options: sort.options.parse(options),
    at: { file: 'tandem.ts', line: 3, column: 5 },
    after: [],
  }
}

/** What people are told of mistakes in `word(name, options)`: `cron.schedule is 'x' but must be …; do this`. */
export function complaints<Options>(
  sort: ResourceSort<Options>,
  name: unknown,
  options: unknown = {},
): readonly string[] {
  const mistakes: Mistake[] = []
  parse(sort.name, name, [sort.type, 'name'], mistakes)
  parse(sort.options, options, [sort.type], mistakes)
  return mistakes.map(({ what, now }) => `${what}; ${now}`)
}

/** A thing as a test wants to read it: the bytes of files as text. */
export function readable(thing: Thing): unknown {
  if (thing.type !== 'path' || thing.want.type !== 'file') return thing
  const { content, ...access } = thing.want
  const text = new TextDecoder().decode(content.bytes)
  return { ...thing, want: { ...access, text, secrets: content.secrets } }
}

/** The text of the file at a path among things; throws when there is none. */
export function textAt(things: readonly Thing[], path: string): string {
  for (const thing of things) {
    if (thing.type === 'path' && thing.path === path && thing.want.type === 'file')
      return new TextDecoder().decode(thing.want.content.bytes)
  }
  throw new Error(`no file ${path} among ${things.map(({ key }) => key).join(', ')}`)
}
