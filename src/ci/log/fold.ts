import type { RunLine } from '../../api/wire/code.ts'

/** A part of a job's log. `name` is null for lines outside all steps; `endMs` is null while it goes on. */
export type LogStep = Readonly<{
  name: string | null
  startMs: number
  endMs: number | null
  lines: readonly RunLine[]
}>

/** What a line says of steps. */
export type StepMark =
  | Readonly<{ type: 'begins'; name: string; isGroup: boolean }>
  | Readonly<{ type: 'ends' }>

/**
 * A log in its steps, in order. A job begins a step by printing `::step NAME`; it goes on to the next one. The groups of
 * GitHub and the sections of GitLab are steps too, up to their end, unless they stand within a step that the job named.
 * `endMs` is when the log ended, null while more may come.
 */
export function foldLog(lines: readonly RunLine[], endMs: number | null): readonly LogStep[] {
  const fold = openFold()
  for (const line of lines) fold.take(line)
  return fold.steps(endMs)
}

/** The same for a log that still comes. */
export type Fold = Readonly<{
  take: (line: RunLine) => void
  steps: (endMs: number | null) => readonly LogStep[]
}>

type Open = { name: string | null; isGroup: boolean; startMs: number; lines: RunLine[] }

export function openFold(): Fold {
  const over: LogStep[] = []
  let open: Open = { name: null, isGroup: false, startMs: 0, lines: [] }

  function begin(name: string | null, isGroup: boolean, startMs: number): void {
    if (open.name !== null || open.lines.length > 0) over.push(closed(open, startMs))
    open = { name, isGroup, startMs, lines: [] }
  }

  return {
    take: (line) => {
      const mark = stepMark(line.text)
      const isNamed = open.name !== null && !open.isGroup
      if (mark === null) {
        if (open.name === null && open.lines.length === 0) open.startMs = line.ms
        open.lines.push(line)
      } else if (mark.type === 'ends') {
        if (open.isGroup) begin(null, false, line.ms)
      } else if (mark.isGroup && isNamed) open.lines.push({ ms: line.ms, text: mark.name })
      else begin(mark.name, mark.isGroup, line.ms)
    },
    steps: (endMs) => {
      const isEmpty = open.name === null && open.lines.length === 0
      return isEmpty ? [...over] : [...over, closed(open, endMs)]
    },
  }
}

const closed = ({ name, startMs, lines }: Open, endMs: number | null): LogStep => ({
  name,
  startMs,
  endMs,
  lines: [...lines],
})

const LONGEST_NAME = 100

/** Whether a line begins or ends a step; null for all others. */
export function stepMark(text: string): StepMark | null {
  if (!text.startsWith('section_') && !text.startsWith('::')) return null
  // GitLab takes its marks off the screen with a carriage return, which is kept as a sign that something was there.
  const [, side, id = '', header = ''] =
    /^section_(start|end):\d+:([^[\r\u{FFFD}\s]+)(?:\[[^\]]*\])?[\r\u{FFFD}]?(.*)$/u.exec(
      withoutColours(text),
    ) ?? []
  if (side === 'end' || text === '::endgroup::') return { type: 'ends' }
  if (side === 'start') return begins(header === '' ? id : header, true)
  const [, word, name = ''] = /^::(step +|group:: *)(\S.*)$/.exec(text) ?? []
  return word === undefined ? null : begins(name, word.startsWith('group'))
}

function begins(written: string, isGroup: boolean): StepMark {
  const name = withoutColours(written).trim()
  return {
    type: 'begins',
    name: name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name,
    isGroup,
  }
}

/** A text without what colours it on a terminal, or moves what is there. */
export function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- this is what is taken out
  return text.replaceAll(/\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|.?)/gs, '')
}
