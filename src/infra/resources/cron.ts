import type { z } from 'zod'
import { meaningful, named, text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { fileThing, gone } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { contentOf } from './content.ts'
import { cronMistake } from './cron-schedule.ts'
import { all, alone, atLeastOne } from './rules.ts'
import { accountName, oneLine, options, yes } from './words.ts'

const wanted = "a schedule of cron, such as '30 3 * * 1-5' or '@daily'"

const shape = options(
  {
    schedule: meaningful(
      wanted,
      (written) => (cronMistake(written) === null ? written.trim().replaceAll(/\s+/g, ' ') : null),
      (found) => (typeof found === 'string' ? (cronMistake(found) ?? '') : 'write it as a text'),
    ).optional(),
    command: oneLine.optional(),
    user: accountName.optional(),
    env: named(
      { of: 'letters, digits and underscores', pattern: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/ },
      text('one line of text', /^[^\0\n\r]*$/),
      "MAILTO: 'ops@example.org'",
    ).optional(),
    absent: yes.optional(),
  },
  "schedule: '@daily', command: '/usr/bin/report'",
).superRefine(
  all(
    alone('absent'),
    atLeastOne(['schedule'], "'@daily'", 'absent'),
    atLeastOne(['command'], "'/usr/bin/report'", 'absent'),
  ),
)

/** A command at certain times: a file of its own in /etc/cron.d, which cron reads by itself. */
export const cron: ResourceSort<z.output<typeof shape>> = {
  type: 'cron',
  // Cron passes over files with a dot in their name, without a word.
  name: text("letters, digits, dashes and underscores, such as 'report'", /^[A-Za-z0-9_-]{1,100}$/),
  options: shape,
  lower({ name, options: { schedule = '', command = '', user = 'root', env = {}, absent } }, world) {
    const path = `/etc/cron.d/${name}`
    if (absent === true) return Promise.resolve([pathThing(path, gone)])
    const lines = [
      '# Written by tandem from a recipe.',
      ...Object.entries(env).map(([key, value]) => `${key}=${quoted(value)}`),
      // For cron a bare percent sign ends the command.
      `${schedule} ${user} ${command.replaceAll('%', '\\%')}`,
    ]
    return Promise.resolve([fileThing({ path, content: contentOf(`${lines.join('\n')}\n`, world) })])
  },
}

/** Cron takes quotes away at both ends and knows no escapes, so a value with one sort goes into the other. */
function quoted(value: string): string {
  if (/^[^\s"'#]+$/.test(value)) return value
  return value.includes('"') ? `'${value}'` : `"${value}"`
}
