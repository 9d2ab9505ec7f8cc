import { z } from 'zod'
import type { ResourceSort } from '../recipe/resource.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import type { Edit } from '../things/thing.ts'
import { placeOf } from './content.ts'
import { all, atLeastOne, onlyWithout } from './rules.ts'
import { access, accessOf, check, oneLine, options, path, yes } from './words.ts'

/** An expression of JavaScript that is matched against one line. */
const expression = z
  .string({ error: "an expression, such as '^PermitRootLogin '" })
  .refine((found) => found !== '' && !/[\n\r\0]/.test(found) && isExpression(found), {
    error: "an expression, such as '^PermitRootLogin '",
  })

const lineOptions = options(
  {
    line: oneLine.optional(),
    replaces: expression.optional(),
    below: expression.optional(),
    absent: yes.optional(),
    create: yes.optional(),
    ...access,
    check: check.optional(),
  },
  "line: 'vm.swappiness = 10'",
).superRefine(
  all(
    (found, context) => {
      const keys = found['absent'] === true ? ['line', 'replaces'] : ['line']
      atLeastOne(keys, "'vm.swappiness = 10'", null)(found, context)
    },
    onlyWithout('below', 'absent'),
    onlyWithout('create', 'absent'),
  ),
)

type LineOptions = z.output<typeof lineOptions>

/** One line in a file that is somebody else's. */
export const line: ResourceSort<LineOptions> = {
  type: 'line',
  name: path,
  options: lineOptions,
  called: (name, { line, replaces }) => `${name}: ${line ?? replaces ?? ''}`,
  lower: async ({ id, name, options }, world) => {
    const want = {
      type: 'edited',
      edits: [editOf(options)],
      create: options.create === true,
      ...accessOf(options),
    } as const
    return [sharedPath(pathThing(placeOf(name, world), want, options.check), id)]
  },
}

function editOf({ line, replaces, below, absent }: LineOptions): Edit {
  if (absent === true || line === undefined)
    return { type: 'no line', line: line ?? null, matches: replaces ?? null }
  return { type: 'line', line, replaces: replaces ?? null, after: below ?? null }
}

function isExpression(written: string): boolean {
  try {
    return new RegExp(written, 'u') instanceof RegExp
  } catch {
    return false
  }
}
