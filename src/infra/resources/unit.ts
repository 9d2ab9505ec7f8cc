import type { z } from 'zod'
import type { ResourceSort } from '../recipe/resource.ts'
import type { Debt } from '../things/thing.ts'
import { fileThing, gone, owing, unitThing } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { contentOf } from './content.ts'
import { isTemplate, mayRestart, unitName } from './unit-name.ts'
import { oneText, textOf, unitCheck, unitText } from './unit-text.ts'
import { options, yes } from './words.ts'

const shape = options(
  { ...unitText, enabled: yes.optional(), running: yes.optional(), absent: yes.optional() },
  "sections: { Service: { ExecStart: '/usr/bin/backup' } }",
).superRefine(oneText)

/** A unit of our own: its file, and whether it runs. It is restarted for a new text where it runs. */
export const unit: ResourceSort<z.output<typeof shape>> = {
  type: 'unit',
  name: unitName,
  options: shape,
  lower({ name, options: written }, world) {
    const path = `/etc/systemd/system/${name}`
    const reread: Debt = { type: 'units' }
    if (written.absent === true) {
      const stopped = isTemplate(name) ? [] : [unitThing(name, { running: false, enabled: false })]
      return Promise.resolve([...stopped, owing(pathThing(path, gone), [reread])])
    }
    const isRestarted = mayRestart(name) && written.running !== false
    const owes: readonly Debt[] = isRestarted ? [reread, { type: 'restart', unit: name }] : [reread]
    const content = contentOf(textOf(written), world)
    const file = fileThing({ path, content, check: unitCheck(name), owes })
    const { running = null, enabled = null } = written
    const isLeft = isTemplate(name) || (running === null && enabled === null)
    return Promise.resolve(isLeft ? [file] : [file, unitThing(name, { running, enabled })])
  },
}
