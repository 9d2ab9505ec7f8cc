import type { z } from 'zod'
import { list, text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { asItIs, neededPackage, owing, rootScript } from '../things/make.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import type { Debt, Edit, Thing } from '../things/thing.ts'
import { options, yes } from './words.ts'

const localeName = text(
  "a locale with its character set, such as 'en_US.UTF-8'",
  /^(?:C|[a-z]{2,3}(?:_[A-Z]{2})?)\.[A-Z0-9][A-Za-z0-9-]{2,20}(?:@[a-z]+)?$/,
)

const shape = options(
  { also: list(localeName, "'fr_FR.UTF-8'").optional(), default: yes.optional() },
  "also: ['fr_FR.UTF-8']",
)

/** The language that programs speak which are not told another, and others that are there to be asked for. */
export const locale: ResourceSort<z.output<typeof shape>> = {
  type: 'locale',
  name: localeName,
  options: shape,
  lower({ id, name, options: { also = [], default: isDefault } }) {
    const edits = [name, ...also].filter((one) => !one.startsWith('C.')).map(generated)
    const things: Thing[] = []
    if (edits.length > 0) {
      const file = pathThing('/etc/locale.gen', { type: 'edited', edits, create: true, ...asItIs })
      things.push(neededPackage('locales', id), sharedPath(owing(file, [generate]), id))
    }
    if (isDefault !== false) {
      const lang: Edit = { type: 'line', line: `LANG=${name}`, replaces: '^LANG=', after: null }
      things.push(
        pathThing('/etc/default/locale', { type: 'edited', edits: [lang], create: true, ...asItIs }),
      )
    }
    return Promise.resolve(things)
  },
}

/** Debian's file has them all, most of them as comments. */
function generated(name: string): Edit {
  const charset = name.replace(/^[^.]*\./, '').replace(/@.*$/, '')
  const written = name.replaceAll('.', String.raw`\.`)
  return {
    type: 'line',
    line: `${name} ${charset}`,
    replaces: `^#? *${written} +${charset}\\s*$`,
    after: null,
  }
}

const generate: Debt = { type: 'command', name: 'locale-gen', script: rootScript(['locale-gen'], 600_000) }
