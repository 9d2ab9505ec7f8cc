import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import { plain } from '../things/make.ts'
import type { Edit, PathThing, PathWant } from '../things/thing.ts'
import { placeOf } from './content.ts'
import { all, atLeastOne, atMostOne, onlyWithout } from './rules.ts'
import { accountName, oneOrMore, options, yes } from './words.ts'

const kinds = '(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\\d+|sk-[a-z0-9-]+@openssh\\.com)'
/** What may stand before a key (`from="10.0.0.0/8"`), the key, and a comment. */
const keyLine = new RegExp(
  `^(?:[^\\p{Cc}\\p{Co}]+ )?${kinds} ([A-Za-z0-9+/]{40,}={0,3})(?: [^\\p{Cc}\\p{Co}]*)?$`,
  'u',
)
const publicKey = text("a public key, such as 'ssh-ed25519 AAAA… ada'", keyLine)

const keyOptions = options(
  {
    key: publicKey.optional(),
    keys: oneOrMore(publicKey, "'ssh-ed25519 AAAA… ada'").optional(),
    only: yes.optional(),
    absent: yes.optional(),
  },
  "key: 'ssh-ed25519 AAAA… ada'",
).superRefine(
  all(
    atLeastOne(['key', 'keys'], "'ssh-ed25519 AAAA… ada', or keys: […]", null),
    atMostOne('key', 'keys'),
    onlyWithout('only', 'absent'),
  ),
)

type KeyOptions = z.output<typeof keyOptions>

/** Who may come in as a user: lines of `~/.ssh/authorized_keys`. The name is that of the user. */
export const authorizedKey: ResourceSort<KeyOptions> = {
  type: 'authorizedKey',
  name: accountName,
  options: keyOptions,
  called: (name, options) => `${name} ${keysOf(options).map(shortOf).join(' ')}`,
  lower: async ({ id, name, options }, world) => {
    const folder = placeOf(`~${name}/.ssh`, world)
    const file = `${folder}/authorized_keys`
    const access = { mode: 0o600, owner: name, group: null }
    const home: PathThing = pathThing(folder, { type: 'directory', mode: 0o700, owner: name, group: null })
    const keys = keysOf(options)
    if (options.only === true) {
      const content = plain(keys.map((key) => `${key}\n`).join(''))
      return [home, pathThing(file, { type: 'file', content, ...access })]
    }
    const isAbsent = options.absent === true
    const edits = keys.map(isAbsent ? withoutKey : withKey)
    const want: PathWant = { type: 'edited', edits, create: true, ...access }
    const thing = sharedPath(pathThing(file, want), id)
    // A key more keeps nobody out.
    return [home, isAbsent ? thing : { ...thing, lockout: null }]
  },
}

function keysOf({ key, keys }: KeyOptions): readonly string[] {
  return key === undefined ? (keys ?? []) : [key]
}

/** A line with the same key is replaced: what stands before it, and its comment, may have changed. */
function withKey(key: string): Edit {
  return { type: 'line', line: key, replaces: matching(key), after: null }
}

function withoutKey(key: string): Edit {
  return { type: 'no line', line: null, matches: matching(key) }
}

function matching(key: string): string {
  return `(?:^| )${bodyOf(key).replaceAll(/[+/]/g, '\\$&')}(?: |$)`
}

function bodyOf(key: string): string {
  return keyLine.exec(key)?.[1] ?? key
}

/** Its end tells a key from others; all begin alike. */
function shortOf(key: string): string {
  return bodyOf(key).replace(/=*$/, '').slice(-8)
}
