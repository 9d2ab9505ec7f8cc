import { capture } from './capture.ts'
import { parsePattern } from './parse.ts'
import { type Program, programOf } from './program.ts'
import { hasStates, statesOf } from './states.ts'

/**
 * An expression of RE2 that is asked about whole texts. `expand` matches one and fills the template with what its groups
 * took (`$1`, `${name}`, `$$`); null when the text does not match.
 */
export type Pattern = Readonly<{
  matches: (text: string) => boolean
  expand: (text: string, template: string) => string | null
}>

/** Throws PatternTrouble on what is no expression. It never takes longer than texts and expression are long. */
export function patternOf(text: string): Pattern {
  const words = alternatives(text)
  const whole = `^(?:${text})$`
  const program = words === null ? programOf(parsePattern(whole), whole) : null
  // By itself it must be one too: `a)(b` is none.
  if (words === null) parsePattern(text)
  return {
    matches: words === null ? matcherOf(program ?? { steps: [], groups: [] }) : (found) => words.has(found),
    expand: (found, template) => {
      const known = program ?? programOf(parsePattern(whole), whole)
      const marks = capture(known, found)
      return marks === null ? null : filled(template, known, { found, marks })
    },
  }
}

/** The texts that are meant, when it names them one by one: `get|post`. */
function alternatives(text: string): ReadonlySet<string> | null {
  return /^[\w\- :/=,~@%&"'<>!;#]*(?:\|[\w\- :/=,~@%&"'<>!;#]*)*$/.test(text)
    ? new Set(text.split('|'))
    : null
}

function matcherOf(program: Program): (text: string) => boolean {
  return hasStates(program) ? statesOf(program) : (text) => capture(program, text) !== null
}

type Found = Readonly<{ found: string; marks: readonly number[] }>

function filled(template: string, { groups }: Program, { found, marks }: Found): string {
  return template.replaceAll(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_, dollar, plain, braced) => {
    if (dollar !== undefined) return '$'
    const name: string = plain ?? braced
    const isGroup = (_: string, number: number): boolean => (marks[2 * number] ?? -1) >= 0
    // Of several groups with one name the first that took part is meant.
    const number = /^\d+$/.test(name)
      ? Number(name)
      : groups.findIndex((group, at) => group === name && isGroup(group, at))
    const from = marks[2 * number] ?? -1
    return from < 0 ? '' : found.slice(from, marks[2 * number + 1])
  })
}
