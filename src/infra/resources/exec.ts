import { z } from 'zod'
import { meaningful, named, text } from '../../config/values/wanted.ts'
import { durationMs } from '../../config/values/units.ts'
import type { Resource, ResourceSort } from '../recipe/resource.ts'
import { commandThing } from '../things/make.ts'
import type { Debt, Script } from '../things/thing.ts'
import { all, atMostOne, type Rule } from './rules.ts'
import { absolutePath, accountName, options, references } from './words.ts'

const example = "'systemctl reload haproxy' or ['touch', '/srv/made']"
const error = `a command as a text for sh or as a list of words, such as ${example}`
const command = z.union(
  [text(error, /^(?=[^]*\S)[^\0]+$/), z.array(text('a text', /^[^\0]*$/)).min(1, { error })],
  { error },
)
const day = 86_400_000

const undoNeedsState: Rule = (found, context) => {
  if (found['on'] === undefined || found['undo'] === undefined) return
  const params = { now: 'leave it out, or say by check when there is nothing to do' }
  context.addIssue({ code: 'custom', path: ['undo'], message: "left out beside 'on'", params })
}

const shape = options(
  {
    command,
    check: command.optional(),
    creates: absolutePath.optional(),
    on: references.optional(),
    undo: command.optional(),
    user: accountName.optional(),
    cwd: absolutePath.optional(),
    env: named(
      { of: 'letters, digits and underscores', pattern: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/ },
      text('a text', /^[^\0]*$/),
      "LOG_LEVEL: 'info'",
    ).optional(),
    limit: meaningful("a time from 1s to 24h with its unit, such as '5m'", (written) => {
      const ms = durationMs(written)
      return ms !== null && ms >= 1000 && ms <= day ? ms : null
    }).optional(),
    says: text(
      "what people read in the plan, such as 'rebuild the search index'",
      /^[^\p{Cc}]+$/u,
    ).optional(),
  },
  "command: 'make install', creates: '/usr/local/bin/shop'",
).superRefine(all(atMostOne('check', 'creates', 'on'), undoNeedsState))

type Options = z.output<typeof shape>

/**
 * A command. `check` or `creates` say when there is nothing to do; with `on` it is done once for a change of other
 * resources. With none of them it is done at each apply, and the plan says so.
 */
export const exec: ResourceSort<Options> = {
  type: 'exec',
  name: text("a few words, such as 'rebuild the index'", /^[^\p{Cc}\p{Co}]{1,200}$/u),
  options: shape,
  lower({ name, options: written }) {
    if (written.on !== undefined) return Promise.resolve([])
    const { undo } = written
    return Promise.resolve([
      commandThing({
        name,
        check: checkOf(written),
        run: scriptOf(written, written.command),
        undo: undo === undefined ? null : scriptOf(written, undo),
        says: written.says ?? null,
      }),
    ])
  },
  owedBy(resource) {
    return (resource.options.on ?? []).map((by) => ({ by, debt: debtOf(resource) }))
  },
}

function debtOf({ name, options: written }: Resource<Options>): Debt {
  return { type: 'command', name: written.says ?? name, script: scriptOf(written, written.command) }
}

function checkOf(written: Options): Script | null {
  const { check, creates } = written
  if (check !== undefined) return scriptOf(written, check)
  return creates === undefined ? null : { ...scriptOf(written, ['test', '-e', creates]), cwd: null, env: {} }
}

function scriptOf({ user, cwd, env, limit }: Options, run: Script['run']): Script {
  return { run, user: user ?? null, cwd: cwd ?? null, env: env ?? {}, limitMs: limit ?? 300_000 }
}
