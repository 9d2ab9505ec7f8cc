import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { pathThing } from '../things/path-thing.ts'
import { placeOf } from './content.ts'
import { all, alone, atLeastOne } from './rules.ts'
import { options, path, yes } from './words.ts'

const target = text("a path, such as '/srv/shop/current'", /^[^\p{Cc}\p{Co}]{1,4000}$/u)

const linkOptions = options(
  { to: target.optional(), absent: yes.optional() },
  "to: '/srv/shop/current'",
).superRefine(all(atLeastOne(['to'], "'/srv/shop/current'", 'absent'), alone('absent')))

export const link: ResourceSort<z.output<typeof linkOptions>> = {
  type: 'link',
  name: path,
  options: linkOptions,
  lower: async ({ name, options }, world) => {
    const place = placeOf(name, world)
    if (options.to === undefined) return [pathThing(place, { type: 'absent', all: false })]
    return [pathThing(place, { type: 'link', to: options.to })]
  },
}
