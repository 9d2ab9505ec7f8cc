import { z } from 'zod'
import { named, text } from '../../config/values/wanted.ts'
import { content } from './words.ts'

const word = z.union([z.boolean(), z.number(), text('a text', /^[^\0]*$/)], {
  error: "a text, a number, true or false, such as 'simple'",
})
const setting = z.union([word, z.array(word)], {
  error: "a text, a number, true, false or a list of them, such as ['A=1', 'B=2']",
})

/** What units are written in: text as systemd reads it, or the same as an object. */
export const unitText = {
  content: content.optional(),
  sections: named(
    {
      of: 'letters and digits, the first of them a capital',
      pattern: /^(?:[A-Z][A-Za-z0-9]*|X-[A-Za-z0-9-]+)$/,
    },
    named({ of: 'letters and digits', pattern: /^[A-Za-z0-9-]+$/ }, setting, "ExecStart: '/usr/bin/backup'"),
    "Service: { ExecStart: '/usr/bin/backup' }",
  ).optional(),
}

type UnitText = Readonly<{
  content?: string | undefined
  sections?: Readonly<Record<string, Readonly<Record<string, z.output<typeof setting>>>>> | undefined
}>

/** For `superRefine`: exactly one of the two, unless nothing shall be there. */
export function oneText(
  { content, sections, absent }: UnitText & { absent?: boolean | undefined },
  context: z.RefinementCtx,
): void {
  const keys = [
    ...(content === undefined ? [] : ['content']),
    ...(sections === undefined ? [] : ['sections']),
  ]
  const [first, ...others] = keys
  const tooMany = absent === true ? keys : others
  for (const key of tooMany) {
    const beside = absent === true ? 'absent: true' : `'${first}'`
    const params = { now: 'keep one of the two' }
    context.addIssue({ code: 'custom', path: [key], message: `left out beside ${beside}`, params })
  }
  if (absent === true || first !== undefined) return
  const message = "said, such as { Service: { ExecStart: '/usr/bin/backup' } }"
  context.addIssue({ code: 'custom', path: ['sections'], message })
}

/** The text of the file. A line that ends inside a value goes on in the next, as systemd has it. */
export function textOf({ content, sections }: UnitText): string {
  if (content !== undefined) return content.endsWith('\n') ? content : `${content}\n`
  return Object.entries(sections ?? {})
    .map(([name, settings]) => `[${name}]\n${Object.entries(settings).map(linesOf).join('')}`)
    .join('\n')
}

function linesOf([key, value]: [string, z.output<typeof setting>]): string {
  return [value]
    .flat()
    .map((one) => `${key}=${written(one)}\n`)
    .join('')
}

function written(value: z.output<typeof word>): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value).trimEnd().replaceAll('\n', ' \\\n')
}

/**
 * Refuses new text of a unit that systemd would read past: it tells of misspelt settings in its log and goes on. What is
 * missing on the host (a program that comes with a later deploy) is no mistake of the text. Without the program that
 * checks, nothing is checked.
 */
export function unitCheck(unit: string): readonly string[] {
  return ['sh', '-euc', verify, 'tandem', '%', unit]
}

const verify = `command -v systemd-analyze >/dev/null || exit 0
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
cp "$1" "$d/$2"
if systemd-analyze verify "$d/$2" 2>&1 | grep -F "$d/$2:" | grep -E 'Unknown|Failed to parse|Invalid|Missing|outside of section' >&2; then exit 1; fi`
