/**
 * Changes in the text of an object literal, in the manner of whoever wrote it: its indentation, its quotes, its comments
 * and its last comma stay. Objects are those that acorn finds in the same text with its types blanked out.
 */
import { type ObjectExpression, parse, type Property, type Token } from 'acorn'

/** A module as it was written, and what was found in it. Offsets in both are the same. */
export type Script = Readonly<{
  text: string
  tokens: readonly Token[]
  objects: readonly ObjectExpression[]
}>

/** A value as it will be written: a text, a list of texts, or an object of them. */
export type Written = string | number | readonly string[] | Readonly<{ [key: string]: Written }>

/** A line may become this long, or as long as the longest in its file. */
const widest = 110

/** `source` is the text with its types blanked out; `null` when it does not parse, or something in it has moved. */
export function scriptOf(text: string, source: string): Script | null {
  if (source.length !== text.length) return null
  try {
    return { text, ...found(source) }
  } catch {
    return null
  }
}

function found(source: string): Pick<Script, 'tokens' | 'objects'> {
  const tokens: Token[] = []
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module', onToken: tokens })
  const objects: ObjectExpression[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('type' in node && node.type === 'ObjectExpression') objects.push(node as ObjectExpression)
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(program)
  return { tokens, objects }
}

/** The property that is written with this key; the last one wins, as it does when the program runs. */
export function propertyIn(object: ObjectExpression, key: string): Property | null {
  const named = object.properties.filter(
    (one): one is Property => one.type === 'Property' && !one.computed && keyOf(one) === key,
  )
  return named.at(-1) ?? null
}

const keyOf = ({ key }: Property): string | null =>
  key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : null

/** The text with one property more, at the end of the object. */
export function withProperty(
  script: Script,
  object: ObjectExpression,
  { key, value }: Readonly<{ key: string; value: Written }>,
): string {
  const { text } = script
  const style = styleOf(script, object)
  const last = object.properties.at(-1)
  const line = propertyText(key, value, style)
  if (last === undefined) return intoEmpty(script, object, line, style)
  const comma = commaAfter(script, last.end, object.end)
  if (style.isOneLine) return intoLine(script, object, line, style)
  const close = lineStart(text, object.end - 1)
  // What stands between the last property and the brace are comments: they stay with what they follow.
  const ownLine = text.slice(close, object.end - 1).trim() === ''
  if (!ownLine)
    return spliced(
      text,
      comma ?? last.end,
      comma ?? last.end,
      `${comma === null ? ',' : ''}${style.eol}${style.indent}${line}`,
    )
  const added = `${style.indent}${line}${comma === null ? '' : ','}${style.eol}`
  const grown = spliced(text, close, close, added)
  return comma === null ? spliced(grown, last.end, last.end, ',') : grown
}

/** The text without this property, and without the comment that follows it on its line. */
export function withoutProperty(script: Script, object: ObjectExpression, property: Property): string {
  const { text } = script
  const before = object.properties[object.properties.indexOf(property) - 1]
  const comma = commaAfter(script, property.end, object.end)
  // The comma before the last one would stay behind as one that nobody wrote.
  const stray = comma === null && before !== undefined ? commaAfter(script, before.end, object.end) : null
  const end = comma ?? property.end
  const begin = lineStart(text, property.start)
  const [rest = ''] = /^[^\n]*\n?/.exec(text.slice(end)) ?? []
  const isOwnLine =
    text.slice(begin, property.start).trim() === '' && /^\s*(\/\/.*|\/\*[^*]*\*\/\s*)?$/.test(rest.trimEnd())
  if (isOwnLine) {
    const cut = spliced(text, begin, end + rest.length, '')
    return stray === null ? cut : spliced(cut, stray - 1, stray, '')
  }
  if (stray !== null) return spliced(text, stray - 1, end, '')
  const isAlone = object.properties.length === 1 && text.slice(object.start + 1, property.start).trim() === ''
  return spliced(text, isAlone ? object.start + 1 : property.start, end + blanks(text, end), '')
}

/** The text with another value at this property. */
export function withValue(
  script: Script,
  object: ObjectExpression,
  property: Property,
  value: Written,
): string {
  const written = flatText(value, styleOf(script, object))
  if (property.shorthand)
    return spliced(script.text, property.start, property.end, `${keyOf(property)}: ${written}`)
  return spliced(script.text, property.value.start, property.value.end, written)
}

type Style = Readonly<{
  quote: string
  eol: string
  /** Of the properties of the object. */
  indent: string
  /** One step of it. */
  unit: string
  isOneLine: boolean
  /** Whether objects inside of it are written on one line each. */
  isInnerOneLine: boolean
  widest: number
}>

function styleOf({ text, tokens }: Script, object: ObjectExpression): Style {
  const outer = indentAt(text, object.start)
  const first = object.properties.find(({ start }) => text.slice(lineStart(text, start), start).trim() === '')
  const unit = /^\t/m.test(text) ? '\t' : (/^( +)\S/m.exec(text)?.[1] ?? '  ')
  const quotes = tokens.filter(({ type }) => type.label === 'string').map(({ start }) => text[start])
  const doubles = quotes.filter((quote) => quote === '"').length
  const last = object.properties.at(-1)
  return {
    quote: doubles * 2 > quotes.length ? '"' : "'",
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    indent: first === undefined ? outer + unit : indentAt(text, first.start),
    unit,
    isOneLine: !text.slice(object.start, object.end).includes('\n'),
    isInnerOneLine: last === undefined || !text.slice(last.start, last.end).includes('\n'),
    widest: Math.max(widest, ...text.split(/\r?\n/).map(({ length }) => length)),
  }
}

function intoEmpty({ text }: Script, object: ObjectExpression, line: string, style: Style): string {
  const outer = indentAt(text, object.start)
  const close = lineStart(text, object.end - 1)
  const added = `${style.indent}${line},${style.eol}`
  if (!style.isOneLine) return spliced(text, close, close, added)
  const kept = text.slice(object.start + 1, object.end - 1).trim()
  const comment = kept === '' ? '' : `${style.indent}${kept}${style.eol}`
  return spliced(text, object.start + 1, object.end - 1, `${style.eol}${comment}${added}${outer}`)
}

/** An object on one line stays there as long as the line can be read at one look. */
function intoLine(script: Script, object: ObjectExpression, line: string, style: Style): string {
  const { text } = script
  const last = object.properties.at(-1)
  if (last === undefined) throw new Error('an empty object has no line to go on with')
  const comma = commaAfter(script, last.end, object.end)
  const at = comma ?? last.end
  const grown = spliced(text, at, at, comma === null ? `, ${line}` : ` ${line},`)
  const begin = lineStart(grown, object.start)
  const width = (/^[^\r\n]*/.exec(grown.slice(begin))?.[0] ?? '').length
  const inside = text.slice(object.start, object.end)
  if (width <= style.widest || /\/[/*]/.test(inside)) return grown
  const outer = indentAt(text, object.start)
  const lines = [...object.properties.map(({ start, end }) => text.slice(start, end)), line]
  const block = lines.map((one) => `${outer}${style.unit}${one},${style.eol}`).join('')
  return spliced(text, object.start, object.end, `{${style.eol}${block}${outer}}`)
}

/** `key: value`; an object stands on one line where its neighbours do, and where it fits. */
function propertyText(key: string, value: Written, style: Style): string {
  const before = `${keyText(key, style.quote)}: `
  if (isFlat(value)) return before + flatText(value, style)
  const flat = `${before}${flatText(value, style)}`
  if (Object.keys(value).length === 0) return flat
  const isShort = style.indent.length + flat.length < style.widest
  if (style.isInnerOneLine && isShort && Object.values(value).every(isFlat)) return flat
  const inner = { ...style, indent: style.indent + style.unit, isInnerOneLine: true }
  const lines = Object.entries(value).map(
    ([name, one]) => `${inner.indent}${propertyText(name, one, inner)},${style.eol}`,
  )
  return `${before}{${style.eol}${lines.join('')}${style.indent}}`
}

function flatText(value: Written, style: Style): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value, style.quote)
  if (isList(value)) return `[${value.map((one) => quoted(one, style.quote)).join(', ')}]`
  const pairs = Object.entries(value).map(
    ([key, one]) => `${keyText(key, style.quote)}: ${flatText(one, style)}`,
  )
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

const isFlat = (value: Written): value is Exclude<Written, Readonly<{ [key: string]: Written }>> =>
  typeof value !== 'object' || isList(value)

const isList = (value: Written): value is readonly string[] => Array.isArray(value)

const keyText = (key: string, quote: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key, quote)

function quoted(text: string, quote: string): string {
  const inner = JSON.stringify(text).slice(1, -1)
  return quote === '"' ? `"${inner}"` : `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** Where the comma that follows `from` ends; `null` when none does before `until`. */
function commaAfter({ tokens }: Script, from: number, until: number): number | null {
  const next = tokens.find(({ start }) => start >= from)
  return next !== undefined && next.type.label === ',' && next.end < until ? next.end : null
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

const indentAt = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, at)))?.[0] ?? ''

const blanks = (text: string, at: number): number => /^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0

const spliced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to)
