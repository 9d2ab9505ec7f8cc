import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import type { Debt } from '../things/thing.ts'
import { fileThing, gone, owing, rootsOwn } from '../things/make.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import { contentOf } from './content.ts'
import { mayRestart, unitSuffixes } from './unit-name.ts'
import { oneText, textOf, unitText } from './unit-text.ts'
import { options, yes } from './words.ts'

const shape = options(
  { ...unitText, restart: yes.optional(), absent: yes.optional() },
  'sections: { Service: { LimitNOFILE: 65536 } }',
).superRefine(oneText)

const suffix = `(?:${unitSuffixes.map((one) => `\\${one}`).join('|')})`

/** A few settings over those of a unit that somebody else has written. It is restarted for them where it runs. */
export const dropIn: ResourceSort<z.output<typeof shape>> = {
  type: 'dropIn',
  name: text(
    "a unit and a name, such as 'nginx.service/limits'",
    new RegExp(`^[A-Za-z0-9_:.\\\\@-]{1,240}${suffix}/[A-Za-z0-9_-]{1,100}$`),
  ),
  options: shape,
  lower({ id, name, options: written }, world) {
    const [unit = '', part = ''] = name.split('/')
    const folder = `/etc/systemd/system/${unit}.d`
    const path = `${folder}/${part}.conf`
    const isRestarted = mayRestart(unit) && written.restart !== false
    const owes: readonly Debt[] = isRestarted
      ? [{ type: 'units' }, { type: 'restart', unit }]
      : [{ type: 'units' }]
    if (written.absent === true) return Promise.resolve([owing(pathThing(path, gone), owes)])
    const content = contentOf(textOf(written), world)
    return Promise.resolve([
      sharedPath(pathThing(folder, { type: 'directory', ...rootsOwn, mode: 0o755 }), id),
      fileThing({ path, content, owes }),
    ])
  },
}
