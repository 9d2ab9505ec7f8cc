/** A page of words: only what is drawn by elements of ours. HTML in it is text like all else. */
export type Block =
  | Readonly<{ type: 'heading'; level: number; words: readonly Words[] }>
  | Readonly<{ type: 'paragraph'; words: readonly Words[] }>
  | Readonly<{ type: 'list'; isNumbered: boolean; items: readonly (readonly Words[])[] }>
  | Readonly<{ type: 'quote'; words: readonly Words[] }>
  | Readonly<{ type: 'code'; text: string }>

export type Words = Readonly<{ type: 'text' | 'strong' | 'emphasis' | 'code'; text: string }> | WebLink
/** A link that leads out of the dashboard, by http or https alone. */
export type WebLink = Readonly<{ type: 'link'; text: string; to: string }>

/** A longer text is not read as markdown: a page that never ends is no README. */
const longest = 100_000

/** The blocks of a text in markdown, as far as people write it in a README. Whatever is not known stays a paragraph. */
export function blocksOf(text: string): readonly Block[] {
  if (text.length > longest) return [{ type: 'code', text }]
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length;) {
    const { block, next } = blockAt(lines, at)
    if (block !== null) blocks.push(block)
    at = next
  }
  return blocks
}

type Read = Readonly<{ block: Block | null; next: number }>

function blockAt(lines: readonly string[], at: number): Read {
  const line = lines[at] ?? ''
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
  if (fence !== undefined) return fenced(lines, at, fence)
  if (line.trim() === '' || /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/.test(line)) return { block: null, next: at + 1 }
  const [, marks, title] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line) ?? []
  if (marks !== undefined)
    return { block: { type: 'heading', level: marks.length, words: wordsOf(title ?? '') }, next: at + 1 }
  if (item.test(line)) return list(lines, at)
  if (/^ {0,3}[|>]/.test(line)) return marked(lines, at)
  return gathered(lines, at)
}

function fenced(lines: readonly string[], at: number, fence: string): Read {
  const isEnd = (line: string) =>
    line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? '', '') === ''
  const length = lines.slice(at + 1).findIndex(isEnd)
  const end = length === -1 ? lines.length : at + 1 + length
  return { block: { type: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 }
}

const item = /^\s{0,6}(?:[-*+]|\d{1,4}[.)])\s+(.*)$/

function list(lines: readonly string[], at: number): Read {
  const items: string[] = []
  let next = at
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? ''
    const text = item.exec(line)?.[1]
    if (text !== undefined) items.push(text)
    else if (/^\s+\S/.test(line)) items[items.length - 1] += ` ${line.trim()}`
    else break
  }
  const isNumbered = /^\s*\d/.test(lines[at] ?? '')
  return { block: { type: 'list', isNumbered, items: items.map(wordsOf) }, next }
}

/** Tables keep their form as code; quotes are words. */
function marked(lines: readonly string[], at: number): Read {
  const mark = (lines[at] ?? '').trim().charAt(0)
  const length = lines.slice(at).findIndex((line) => !line.trim().startsWith(mark))
  const next = length === -1 ? lines.length : at + length
  const own = lines.slice(at, next)
  if (mark === '|') return { block: { type: 'code', text: own.join('\n') }, next }
  const text = own.map((line) => line.trim().replace(/^>\s?/, '')).join(' ')
  return { block: { type: 'quote', words: wordsOf(text) }, next }
}

const begins = /^ {0,3}(?:#{1,6}\s|```|~~~|>|\||[-*+]\s|\d{1,4}[.)]\s)/

function gathered(lines: readonly string[], at: number): Read {
  let next = at + 1
  while (next < lines.length && (lines[next] ?? '').trim() !== '' && !begins.test(lines[next] ?? ''))
    next += 1
  const text = lines.slice(at, next).map((line) => line.trim())
  return { block: { type: 'paragraph', words: wordsOf(text.join(' ')) }, next }
}

const inline =
  /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|!?\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)|<?(https?:\/\/[^\s<>)]+)>?/g

/** The words of a line. A link that is not http or https is shown as what it is called. */
function wordsOf(text: string): readonly Words[] {
  const words: Words[] = []
  let from = 0
  for (const match of text.matchAll(inline)) {
    if (match.index > from) words.push({ type: 'text', text: text.slice(from, match.index) })
    words.push(wordIn(match))
    from = match.index + match[0].length
  }
  if (from < text.length) words.push({ type: 'text', text: text.slice(from) })
  return words
}

function wordIn([, code, strong, strong2, emphasis, name, to, bare]: RegExpMatchArray): Words {
  if (code !== undefined) return { type: 'code', text: code }
  if (strong !== undefined || strong2 !== undefined) return { type: 'strong', text: strong ?? strong2 ?? '' }
  if (emphasis !== undefined) return { type: 'emphasis', text: emphasis }
  const address = to ?? bare ?? ''
  const isOut = /^https?:\/\//i.test(address)
  return isOut
    ? { type: 'link', text: name === undefined || name === '' ? address : name, to: address }
    : { type: 'text', text: name ?? '' }
}
