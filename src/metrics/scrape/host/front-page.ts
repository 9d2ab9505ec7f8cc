import { Page } from '../page.ts'
import { columns, processWords } from './front-columns.ts'
import type { Part, Slot } from './frame.ts'
import { shortRelease } from './short-release.ts'

type Row = Readonly<{
  level: string
  labels: Readonly<Record<string, string>>
  cells: ReadonlyMap<string, string>
}>

/**
 * The numbers of the fronts of a host as HAProxy's exporter calls them. What belongs to an app says which, and each
 * server which release lies in that slot. Null where no front answers.
 */
export function frontPage(parts: readonly Part[], slots: readonly Slot[]): string | null {
  const fronts = parts.filter(({ name, lines }) => name === 'front' && lines.length > 0)
  if (fronts.length === 0) return null
  const page = new Page()
  // What is said of the process is only HAProxy's; the front of an app on this machine is none.
  for (const { lines } of fronts) processNumbers(page, lines)
  for (const row of fronts.flatMap(({ lines }) => rowsIn(lines, slots))) rowNumbers(page, row)
  return page.text()
}

function processNumbers(page: Page, lines: readonly string[]): void {
  const said = new Map(lines.map((line) => line.split(': ', 2) as [string, string]))
  for (const [word, { name, type }] of Object.entries(processWords))
    page.metric(`haproxy_process_${name}`, type)(Number(said.get(word) ?? NaN))
  const version = said.get('Version')
  if (version !== undefined) page.metric('haproxy_process_build_info', 'gauge')(1, { version })
}

/** The rows of the table that belong to apps or to the front itself; `# ` begins the names of its columns. */
function rowsIn(lines: readonly string[], slots: readonly Slot[]): readonly Row[] {
  const at = lines.findIndex((line) => line.startsWith('# pxname'))
  const names = (lines[at]?.slice(2) ?? '').split(',')
  return lines.slice(at + 1).flatMap((line) => {
    const cells = new Map(line.split(',').map((cell, nth) => [names[nth] ?? '', cell] as const))
    const [proxy = '', server = ''] = [cells.get('pxname'), cells.get('svname')]
    if (at === -1 || proxy === '' || server === '') return []
    const level = { FRONTEND: 'frontend', BACKEND: 'backend' }[server] ?? 'server'
    const own = level === 'server' ? { proxy, server } : { proxy }
    return [{ level, labels: { ...own, ...whose(proxy, level === 'server' ? server : null, slots) }, cells }]
  })
}

function whose(place: string, slot: string | null, slots: readonly Slot[]): Readonly<Record<string, string>> {
  const known = slots.filter((one) => one.place === place)
  const [app, env] = place.split('.')
  if (known.length === 0 || app === undefined || env === undefined) return {}
  const release = known.find((one) => one.slot === slot)?.release
  return { app, env, ...(release === undefined ? {} : { release: shortRelease(release) }) }
}

const codes = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other']
const serverStates = ['DOWN', 'UP', 'MAINT', 'DRAIN', 'NOLB']

function rowNumbers(page: Page, { level, labels, cells }: Row): void {
  const say = (name: string, type: 'counter' | 'gauge', value: number, more = {}): void =>
    page.metric(`haproxy_${level}_${name}`, type)(value, { ...labels, ...more })
  for (const [word, { name, type, per, of }] of Object.entries(columns)) {
    if (of.includes(level)) say(name, type, numberIn(cells.get(word)) / per)
  }
  for (const code of codes)
    say('http_responses_total', 'counter', numberIn(cells.get(`hrsp_${code}`)), { code })
  const status = stateOf(cells.get('status') ?? '')
  for (const state of level === 'server' ? serverStates : ['DOWN', 'UP'])
    say('status', 'gauge', state === status ? 1 : 0, { state })
}

/** A cell that is empty, or a session that never was, is no number. */
function numberIn(cell: string | undefined): number {
  return cell === undefined || cell === '' || cell === '-1' ? NaN : Number(cell)
}

/** `OPEN`, `no check` and `UP 1/3` are up. */
function stateOf(status: string): string {
  if (status === 'OPEN' || status === 'no check') return 'UP'
  return status === 'STOP' ? 'DOWN' : (status.split(/[ /]/)[0] ?? '')
}
