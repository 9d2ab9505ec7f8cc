import type { z } from 'zod'
import type { ResourceSort } from '../recipe/resource.ts'
import { pathThing } from '../things/path-thing.ts'
import { contentFrom, placeOf } from './content.ts'
import { all, alone, atLeastOne, atMostOne } from './rules.ts'
import { access, accessOf, check, content, options, path, source, yes } from './words.ts'

const fileOptions = options(
  {
    content: content.optional(),
    source: source.optional(),
    ...access,
    absent: yes.optional(),
    check: check.optional(),
  },
  "content: 'hello\\n'",
).superRefine(
  all(
    atMostOne('content', 'source'),
    atLeastOne(
      ['content', 'source', 'mode', 'owner', 'group'],
      "'hello\\n', or source: 'files/motd'",
      'absent',
    ),
    alone('absent'),
  ),
)

/** A file with these bytes; without `content` and `source` only its mode and owner, and it has to be there. */
export const file: ResourceSort<z.output<typeof fileOptions>> = {
  type: 'file',
  name: path,
  options: fileOptions,
  lower: async (resource, world) => {
    const { content, source, absent, check } = resource.options
    const place = placeOf(resource.name, world)
    const access = accessOf(resource.options)
    if (absent === true) return [pathThing(place, { type: 'absent', all: false })]
    if (content === undefined && source === undefined)
      return [pathThing(place, { type: 'edited', edits: [], create: false, ...access }, check)]
    const bytes = await contentFrom(resource, world)
    return [pathThing(place, { type: 'file', content: bytes, ...access }, check)]
  },
}
