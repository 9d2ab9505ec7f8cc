import type { PlanLine } from '../../change/plan.ts'

/** What a person reads of a plan: a heading of hosts, or a line with the lines that belong to it. */
export type PlanBlock =
  | Readonly<{ type: 'hosts'; names: string }>
  | Readonly<{
      type: 'thing'
      head: PlanLine
      /** Where a recipe says it: `tandem.ts:14:3`. */
      at: string | null
      inside: readonly PlanLine[]
      /** Why it stays done, where it does. */
      lasting: string | null
    }>

const lastingWords = 'cannot be undone: '

/** The lines of a plan under what they tell of: by how far they are indented, as the hub has written them. */
export function blocksOf(lines: readonly PlanLine[]): readonly PlanBlock[] {
  const blocks: PlanBlock[] = []
  for (const line of lines) {
    const last = blocks.at(-1)
    if (indentOf(line) >= 4 && last?.type === 'thing') blocks[blocks.length - 1] = withLine(last, line)
    else blocks.push(blockOf(line))
  }
  return blocks
}

type Thing = Extract<PlanBlock, { type: 'thing' }>

function blockOf(line: PlanLine): PlanBlock {
  if (line.mark === ' ' && indentOf(line) === 0 && /^[^ ].*[^ ]:$/.test(line.text))
    return { type: 'hosts', names: line.text.slice(0, -1) }
  const [, text = line.text, at] = /^(.*) \(([^()\s]+:\d+:\d+)\)$/.exec(line.text) ?? []
  const head = { mark: line.mark, text: text.trimStart() }
  return { type: 'thing', head, at: at ?? null, inside: [], lasting: null }
}

function withLine(thing: Thing, line: PlanLine): Thing {
  const text = line.text.replace(/^ {4}(?: {2})?/, '')
  if (line.mark === ' ' && text.startsWith(lastingWords))
    return { ...thing, lasting: text.slice(lastingWords.length) }
  return { ...thing, inside: [...thing.inside, { mark: line.mark, text }] }
}

const indentOf = ({ text }: PlanLine): number => text.length - text.trimStart().length

/** How many lines come and go, for a diff that is folded. */
export function tallyOf(lines: readonly PlanLine[]): string {
  const many = (mark: PlanLine['mark']) => lines.filter((line) => line.mark === mark).length
  const [comes, goes] = [many('+'), many('-')]
  const moved = comes + goes === 0 ? '' : ` (+${comes} −${goes})`
  return `${lines.length} lines${moved}`
}
