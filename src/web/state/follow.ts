import type { ChangeView, HubEvent } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'
import type { LogLine } from '../../store/store.ts'
import { type Api, RefusedError, troubleIfRefused } from '../api.ts'
import type { Store } from './store.ts'
import { makeSoon, type Soon } from './soon.ts'

export const pageSize = 50
const longestWaitMs = 10_000
const statusEveryMs = 400
const reposEveryMs = 1_000

/** What can make the status another one; all else happens inside a change. */
const movesStatus: ReadonlySet<Entry['type']> = new Set([
  'ordered',
  'leased',
  'stage-done',
  'finished',
  'refused',
  'withdrawn',
  'undone',
  'stuck',
  'fenced',
  'healed',
])

const linesEveryMs = 60
const mostLinesAtOnce = 1_000

type Ears = Readonly<{
  api: Api
  store: Store
  open: (address: string) => EventSource
  /** Calls back when the network is there again; gives the way to stop that. */
  onOnline: (listener: () => void) => () => void
  /** The first pause before another try; each one is twice the one before, up to ten seconds. */
  firstWaitMs: number
  /** A stream that says nothing for so long is lost, even if the network has not noticed: the hub pings more often. */
  silenceMs: number
  /** Begins again from nothing. */
  reload: () => void
}>

/** Loads what the pages need, then hears the hub until stopped. A lost stream is opened again where it broke off. */
export function follow(ears: Ears): Readonly<{ stop: () => void }> {
  const { api, store, open, firstWaitMs, silenceMs } = ears
  let waitMs = firstWaitMs
  let source: Listening | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  let turn = 0
  const status = makeSoon(statusEveryMs, () => loadStatus(ears).catch(lost))
  const repos = makeSoon(reposEveryMs, () => loadRepos(api, store))
  const lines = makeLineBuffer((batch) => store.tell({ type: 'printed', lines: batch }))

  const lost = (cause: unknown) => {
    source?.close()
    if (isStopped) return
    if (cause instanceof RefusedError && cause.status === 401) return store.tell({ type: 'signed out' })
    store.tell({ type: 'hearing', hearing: 'lost' })
    clearTimeout(retry)
    retry = setTimeout(start, waitMs)
    waitMs = Math.min(waitMs * 2, longestWaitMs)
  }

  // The hub replays a bounded number of entries: after a longer absence, the lists are fetched anew.
  const missed = () => loadChanges(api, store).catch(lost)
  const hear = makeHear({ store, lines, status, repos, missed })

  const start = () => {
    source?.close()
    const mine = ++turn
    const ready = store.read().loaded ? loadStatus(ears) : loadAll(ears)
    ready.then(() => {
      // Somebody may have begun again while this was on its way; there is one stream at a time.
      if (isStopped || mine !== turn) return
      source = listen(open(`/api/events?after=${store.read().seq}`), {
        silenceMs,
        heard: hear,
        opened: () => {
          waitMs = firstWaitMs
          store.tell({ type: 'hearing', hearing: 'live' })
        },
        // An event source does not say why it failed; asking who we are does.
        failed: () => void api.me().then(() => lost(null), lost),
      })
    }, lost)
  }

  const stopWaiting = ears.onOnline(() => {
    if (store.read().hearing !== 'lost') return
    clearTimeout(retry)
    waitMs = firstWaitMs
    start()
  })

  start()
  return {
    stop: () => {
      isStopped = true
      stopWaiting()
      clearTimeout(retry)
      status.stop()
      repos.stop()
      lines.stop()
      source?.close()
    },
  }
}

type Heard = Readonly<{
  store: Store
  lines: ReturnType<typeof makeLineBuffer>
  status: Soon
  repos: Soon
  /** What to do when something before an event was not heard. */
  missed: () => unknown
}>

function makeHear({ store, lines, status, repos, missed }: Heard): (event: HubEvent) => void {
  return (event) => {
    const isGap = seqOf(event) > store.read().seq + 1
    switch (event.type) {
      case 'log':
        return lines.add(event.line)
      case 'run':
        store.tell({ type: 'run heard', run: event.run })
        if (event.run.outcome !== null) repos.ask()
        return
      case 'flags':
        return store.tell({ type: 'flags heard' })
      case 'aside':
        store.tell({ type: 'aside heard', aside: event.aside })
        repos.ask()
        break
      case 'entry':
        store.tell({ type: 'happened', event })
        if (movesStatus.has(event.entry.type)) status.ask()
    }
    if (isGap) missed()
  }
}

type Listening = Readonly<{ close: () => void }>
type Ways = Readonly<{
  silenceMs: number
  heard: (event: HubEvent) => void
  opened: () => void
  failed: () => void
}>

function listen(source: EventSource, { silenceMs, heard, opened, failed }: Ways): Listening {
  let silence: ReturnType<typeof setTimeout> | undefined
  const close = () => {
    clearTimeout(silence)
    source.close()
  }
  const fail = () => {
    close()
    failed()
  }
  const live = () => {
    clearTimeout(silence)
    silence = setTimeout(fail, silenceMs)
  }
  const take = (event: MessageEvent<string>) => {
    live()
    heard(JSON.parse(event.data) as HubEvent)
  }
  live()
  source.addEventListener('open', () => {
    live()
    opened()
  })
  source.addEventListener('ping', live)
  source.addEventListener('entry', take)
  source.addEventListener('aside', take)
  source.addEventListener('log', take)
  source.addEventListener('run', take)
  source.addEventListener('flags', take)
  source.addEventListener('error', fail)
  return { close }
}

async function loadAll(ears: Ears): Promise<void> {
  // How far the ledger is, is read before the list, so nothing can fall between the list and the stream.
  await loadStatus(ears)
  if (ears.store.read().seq === 0) await loadSeq(ears)
  await loadChanges(ears.api, ears.store)
  await loadLastChanges(ears.api, ears.store)
  await loadRepos(ears.api, ears.store)
}

/** Runs and log lines have no place in the ledger. */
function seqOf(event: HubEvent): number {
  if (event.type === 'entry') return event.entry.seq
  return event.type === 'aside' ? event.aside.seq : 0
}

/** A hub whose project is written wrong tells of no repositories; its changes are there all the same. */
async function loadRepos(api: Api, store: Store): Promise<void> {
  await api.repos().then(
    ({ repos }) => store.tell({ type: 'repos came', repos }),
    (thrown: unknown) => store.tell({ type: 'repos refused', trouble: troubleIfRefused(thrown) }),
  )
}

async function loadStatus({ api, store, reload }: Ears): Promise<void> {
  const seen = store.read().seq
  const status = await api.status().catch((thrown: unknown) => {
    // A project that is written wrong has no status, but its changes are there to be read and reverted.
    if (!(thrown instanceof RefusedError) || thrown.status === 0 || thrown.status === 401) throw thrown
    store.tell({ type: 'status refused', trouble: thrown.trouble })
  })
  if (status === undefined) return
  // A ledger shorter than what was seen before asking is another hub's: nothing shown is true any more.
  if (status.hub.entries < seen) return reload()
  store.tell({ type: 'status came', status })
}

/** Without a status, the newest change says where the ledger is; what came after it is heard again. */
async function loadSeq({ api, store }: Ears): Promise<void> {
  const { changes } = await api.changes({ target: null, before: null, limit: 1 })
  const newest = changes[0]
  if (newest === undefined) return
  const { entries } = await api.change(newest.id)
  store.tell({ type: 'caught up to', seq: entries.at(-1)?.seq ?? 0 })
}

async function loadChanges(api: Api, store: Store): Promise<void> {
  const { changes } = await api.changes({ target: null, before: null, limit: pageSize })
  const asked = { target: null, before: null }
  store.tell({ type: 'changes came', changes, asked, isEnd: changes.length < pageSize })
}

/** The change behind each live release may be older than the newest page of changes. */
async function loadLastChanges(api: Api, store: Store): Promise<void> {
  const { status, changes } = store.read()
  const missing = new Set(
    status?.apps.flatMap(({ change }) => (change === null || changes.has(change) ? [] : [change])),
  )
  const loaded = await Promise.all([...missing].slice(0, pageSize).map((id) => api.change(id)))
  const views: readonly ChangeView[] = loaded.map(({ change }) => change)
  for (const change of views) store.tell({ type: 'change came', change })
}

/** Log lines come in bursts; drawing once per burst keeps the page quick. */
function makeLineBuffer(flush: (lines: readonly LogLine[]) => void) {
  let waiting: LogLine[] = []
  const soon = makeSoon(linesEveryMs, () => {
    const batch = waiting
    waiting = []
    flush(batch)
  })
  return {
    add: (line: LogLine) => {
      waiting.push(line)
      if (waiting.length > mostLinesAtOnce) waiting.shift()
      soon.ask()
    },
    stop: soon.stop,
  }
}
