import type { z } from 'zod'
import type { ResourceSort } from '../recipe/resource.ts'
import { pathThing } from '../things/path-thing.ts'
import { placeOf } from './content.ts'
import { all, alone, onlyWith } from './rules.ts'
import { access, accessOf, options, path, yes } from './words.ts'

const directoryOptions = options(
  { ...access, absent: yes.optional(), all: yes.optional() },
  "mode: '0750'",
).superRefine(all(alone('absent', 'all'), onlyWith('all', 'absent')))

export const directory: ResourceSort<z.output<typeof directoryOptions>> = {
  type: 'directory',
  name: path,
  options: directoryOptions,
  lower: async ({ name, options }, world) => {
    const place = placeOf(name, world)
    if (options.absent === true) return [pathThing(place, { type: 'absent', all: options.all === true })]
    return [pathThing(place, { type: 'directory', ...accessOf(options) })]
  },
}
