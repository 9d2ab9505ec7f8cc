import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { asItIs, commandThing, fileThing, plain, shScript } from '../things/make.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import { options } from './words.ts'

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'

const shape = options(
  { domain: text("a domain, such as 'example.org'", new RegExp(`^${label}(?:\\.${label})*$`)).optional() },
  "domain: 'example.org'",
)

/** What a host calls itself: now, after the next boot, and in its own /etc/hosts. */
export const hostname: ResourceSort<z.output<typeof shape>> = {
  type: 'hostname',
  name: text("a name of small letters, digits and dashes, such as 'web1'", new RegExp(`^${label}$`)),
  options: shape,
  lower({ id, name, options: { domain } }) {
    const line = `127.0.1.1\t${domain === undefined ? '' : `${name}.${domain} `}${name}`
    const edits = [
      { type: 'line', line, replaces: String.raw`^127\.0\.1\.1\s`, after: String.raw`^127\.0\.0\.1\s` },
    ] as const
    return Promise.resolve([
      fileThing({ path: '/etc/hostname', content: plain(`${name}\n`) }),
      sharedPath(pathThing('/etc/hosts', { type: 'edited', edits, create: true, ...asItIs }), id),
      commandThing({
        name: 'hostname',
        check: shScript('IFS= read -r live </proc/sys/kernel/hostname; [ "$live" = "$1" ]', [name], 10_000),
        run: shScript(
          '[ -s "$TANDEM_KEEP" ] || uname -n >"$TANDEM_KEEP"; exec hostname "$1"',
          [name],
          10_000,
        ),
        undo: shScript('[ ! -s "$TANDEM_KEEP" ] || exec hostname -F "$TANDEM_KEEP"', [], 10_000),
        says: `call the running system ${name}`,
      }),
    ])
  },
}
