import type { TemplateSpans } from 'mustache'
import { TroubleError } from '../../change/trouble.ts'
import type { Json } from '../../change/json.ts'
import { nearest } from '../../config/mistakes/nearest.ts'

/** Values by name: the innermost section first, the whole last. */
type Scope = readonly Json[]

/** A template as its author knows it: where a line of it is, for messages. */
export type Template = Readonly<{ text: string; whereIs: (line: number) => string }>

/** Mustache allows any depth; nobody who writes for people goes this deep. */
const deepest = 50

/**
 * Fills a Mustache template. Nothing is escaped: what comes out is no HTML. Every name in it must be there: what is only
 * sometimes there is `false` or an empty list in the values.
 */
export async function fillTemplate(template: Template, values: Json): Promise<string> {
  const { default: mustache } = await import('mustache')
  return filled(template, parsed(template, new mustache.Writer()), [values])
}

function parsed(
  template: Template,
  parser: Readonly<{ parse: (text: string) => TemplateSpans }>,
): TemplateSpans {
  try {
    return parser.parse(template.text)
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    // The parser counts characters from the beginning; people count lines.
    const [, what = said, offset = '0'] = /^(.*?)(?: at (\d+))?$/.exec(said) ?? []
    const where = template.whereIs(lineOf(template, Number(offset)))
    const now = 'write {{name}}, or {{#name}} … {{/name}} for a part of the template'
    throw new TroubleError(
      { what: `the template cannot be read: ${what.toLowerCase()}`, where, now },
      { cause },
    )
  }
}

function filled(template: Template, spans: TemplateSpans, scope: Scope): string {
  return spans.map((span) => filledSpan(template, span, scope)).join('')
}

function filledSpan(template: Template, span: TemplateSpans[number], scope: Scope): string {
  const [type, name, start, , inner] = span
  const value = () => valueOf(template, { name, start }, scope)
  switch (type) {
    case 'text':
      return name
    case 'name':
    case '&':
      return printed(template, { name, start }, value())
    case '#':
      return section(template, Array.isArray(inner) ? inner : [], value(), scope)
    case '^':
      return isEmpty(value()) ? filled(template, Array.isArray(inner) ? inner : [], scope) : ''
    case '>':
      throw trouble(template, start, {
        what: `the template asks for another one, '${name}'`,
        now: 'write its lines here; templates stand for themselves',
      })
    case '!':
    case '=':
      return ''
  }
}

function section(template: Template, inner: TemplateSpans, value: Json, scope: Scope): string {
  if (isEmpty(value)) return ''
  if (scope.length > deepest)
    throw new Error('a template whose sections go deeper than any that people write')
  const rounds = Array.isArray(value) ? value : [value]
  return rounds.map((round: Json) => filled(template, inner, [round, ...scope])).join('')
}

type Tag = Readonly<{ name: string; start: number }>

function valueOf(template: Template, { name, start }: Tag, scope: Scope): Json {
  const [innermost = null] = scope
  if (name === '.') return innermost
  const [first = '', ...further] = name.split('.')
  const holder = scope.find((values) => namesIn(values).includes(first))
  let value: Json | undefined = holder === undefined ? undefined : at(holder, first)
  let known = scope.flatMap(namesIn)
  let word = first
  for (const step of further) {
    if (value === undefined) break
    known = [...namesIn(value)]
    value = at(value, step)
    word = step
  }
  if (value !== undefined) return value
  const meant = nearest(word, known)
  throw trouble(template, start, {
    what: `the template says {{${name}}}, and there is no such variable`,
    now: meant === null ? `known: ${known.slice(0, 30).join(', ')}` : `did you mean '${meant}'?`,
  })
}

function printed(template: Template, { name, start }: Tag, value: Json): string {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  throw trouble(template, start, {
    what: `the template prints {{${name}}}, which is ${Array.isArray(value) ? 'a list' : 'an object'}`,
    now: `go through it with {{#${name}}} … {{/${name}}}`,
  })
}

function isEmpty(value: Json): boolean {
  return value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0)
}

function namesIn(value: Json): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

function at(value: Json, name: string): Json | undefined {
  return namesIn(value).includes(name) ? (Object(value) as Readonly<Record<string, Json>>)[name] : undefined
}

function lineOf({ text }: Template, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function trouble(
  template: Template,
  start: number,
  { what, now }: Readonly<{ what: string; now: string }>,
): TroubleError {
  return new TroubleError({ what, where: template.whereIs(lineOf(template, start)), now })
}
