import type { ChangeView, HostDrift, StatusView } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'
import type { ChangeId } from '../../change/order.ts'
import type { LogLine } from '../../store/store.ts'
import { wordOf } from '../words/status-words.ts'
import { withDrift } from './hosts.ts'
import { withAside, withRun, withRuns } from './code/heard.ts'
import { emptyModel, type Message, type Model, type OpenChange } from './model.ts'
import { numberOf, withPage, within } from './reach.ts'

/** How many lines of a change's log a page keeps; older ones are on disk at the hub. */
export const logLimit = 1_000
/** How many changes a page keeps; the oldest go first and can be loaded again. */
export const changeLimit = 2_000

/** The next model after one message. Pure; messages may come twice or late and do no harm. */
export function reduce(model: Model, message: Message): Model {
  switch (message.type) {
    case 'signed in':
      return { ...model, me: message.me, session: 'in' }
    case 'signed out':
      // Nothing of what was shown stays behind for the next person at this screen.
      return { ...emptyModel, session: 'out' }
    case 'hearing':
      return { ...model, hearing: message.hearing }
    case 'status came':
      return withStatus(model, message.status)
    case 'status refused':
      return { ...model, statusTrouble: message.trouble }
    case 'caught up to':
      return { ...model, seq: Math.max(model.seq, message.seq) }
    case 'drift came':
      return withLooks(model, message.hosts)
    case 'changes came':
      return withList(model, message)
    case 'change came':
      return withChanges(model, [message.change])
    case 'happened':
      return withEntry(model, message.event.entry, message.event.change)
    case 'repos came':
      return { ...model, repos: message.repos, reposTrouble: null }
    case 'repos refused':
      return { ...model, reposTrouble: message.trouble }
    case 'runs came':
      return withRuns(model, message.runs)
    case 'run heard':
      return withRun(model, message.run)
    case 'aside heard':
      return withAside(model, message.aside)
    case 'flags heard':
      return { ...model, flagNews: model.flagNews + 1 }
    case 'printed':
      return withOpen(model, model.open && withLines(model.open, message.lines))
    case 'opened':
      return model.open?.id === message.id ? model : { ...model, open: opened(model, message.id) }
    case 'closed':
      return model.open?.id === message.id ? { ...model, open: null } : model
    case 'detail came':
      return withOpen(model, model.open && withDetail(model.open, message))
    case 'detail refused':
      if (model.open?.id !== message.id) return model
      return { ...model, open: { ...model.open, trouble: message.trouble } }
  }
}

/** Once entries are heard, only they say how far this page has come. */
const withStatus = (model: Model, status: StatusView): Model => ({
  ...model,
  status,
  statusTrouble: null,
  seq: model.seq === 0 ? status.hub.entries : model.seq,
})

function withLooks(model: Model, looked: readonly HostDrift[]): Model {
  const drift = new Map(model.drift)
  for (const one of looked) if (one.at >= (drift.get(one.host)?.at ?? 0)) drift.set(one.host, one)
  const { status } = model
  if (status === null) return { ...model, drift }
  return { ...model, drift, status: { ...status, hosts: withDrift(status.hosts, looked) } }
}

/** Keeps the model itself where nothing became different, so that nothing is drawn again. */
const withOpen = (model: Model, open: OpenChange | null): Model =>
  open === model.open ? model : { ...model, open }

function withList(model: Model, message: Extract<Message, { type: 'changes came' }>): Model {
  const { changes, asked, isEnd } = message
  const isNewest = asked.before === null && asked.target === null
  const hasGap = model.hasGap && !isNewest
  const reach = withPage(model.reach, { changes, asked, isEnd, hasGap: model.hasGap })
  return withChanges({ ...model, loaded: true, reach, hasGap }, changes)
}

function withChanges(model: Model, changes: readonly ChangeView[]): Model {
  const next = new Map(model.changes)
  for (const change of changes) next.set(change.id, change)
  if (next.size <= changeLimit) return { ...model, changes: next }
  const newest = [...next.values()].toSorted((a, b) => numberOf(b.id) - numberOf(a.id)).slice(0, changeLimit)
  const reach = within(model.reach, numberOf(newest.at(-1)?.id ?? 'c0'))
  return { ...model, reach, changes: new Map(newest.map((change) => [change.id, change])) }
}

function withEntry(model: Model, entry: Entry, change: ChangeView): Model {
  const before = model.changes.get(change.id)
  const open = model.open?.id === change.id ? heard(model.open, entry, change) : model.open
  // After a reconnect the hub may repeat itself: what is older than what is shown must not turn the page back.
  if (entry.seq <= model.seq) return { ...model, open }
  const isNews = before?.status !== change.status
  const next: Model = {
    ...model,
    seq: entry.seq,
    hasGap: model.hasGap || entry.seq > model.seq + 1,
    changes: markReverted(model.changes, change),
    open,
    said: isNews ? `${change.id} ${change.title}: ${wordOf(change)}` : model.said,
  }
  return withChanges(next, [change])
}

/** When a revert is done, the change it took back is drawn hollow at once, without asking for it again. */
function markReverted(
  changes: ReadonlyMap<ChangeId, ChangeView>,
  revert: ChangeView,
): ReadonlyMap<ChangeId, ChangeView> {
  const reverted = revert.reverts === null ? undefined : changes.get(revert.reverts)
  if (reverted === undefined || revert.status !== 'done') return changes
  return new Map(changes).set(reverted.id, { ...reverted, revertedBy: revert.id })
}

const opened = (model: Model, id: ChangeId): OpenChange => ({
  id,
  change: model.changes.get(id) ?? null,
  detail: null,
  entries: [],
  log: [],
  logLeftOut: 0,
  trouble: null,
})

function heard(open: OpenChange, entry: Entry, change: ChangeView): OpenChange {
  if (open.entries.some((known) => known.seq === entry.seq)) return open
  const entries = bySeq([...open.entries, entry])
  const isNewest = entries.at(-1)?.seq === entry.seq
  return { ...open, entries, change: isNewest ? change : open.change }
}

function withDetail(open: OpenChange, message: Extract<Message, { type: 'detail came' }>): OpenChange {
  const { detail } = message
  if (detail.change.id !== open.id) return open
  const last = detail.entries.at(-1)?.seq ?? 0
  const later = open.entries.filter((entry) => entry.seq > last)
  const change = later.length === 0 ? detail.change : open.change
  return { ...open, detail, change, entries: [...detail.entries, ...later], trouble: null }
}

function withLines(open: OpenChange, lines: readonly LogLine[]): OpenChange {
  const known = new Set(open.log.map((line) => line.seq))
  const first = open.logLeftOut > 0 ? (open.log[0]?.seq ?? 0) : 0
  const fresh = lines.filter((line) => line.change === open.id && !known.has(line.seq) && line.seq > first)
  if (fresh.length === 0) return open
  const all = bySeq([...open.log, ...fresh])
  const surplus = Math.max(0, all.length - logLimit)
  return { ...open, log: all.slice(surplus), logLeftOut: open.logLeftOut + surplus }
}

const bySeq = <T extends Readonly<{ seq: number }>>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => a.seq - b.seq)
