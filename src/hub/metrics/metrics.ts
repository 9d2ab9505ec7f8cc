import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { HubSide } from '../../api/hub-side.ts'
import type { EngineSettings, MetricsSide } from '../../metrics/metrics-side.ts'
import { MetricsThread } from '../../metrics/thread/metrics-thread.ts'
import type { Entry } from '../../change/entry.ts'
import { writeKeys } from '../../metrics/write-keys.ts'
import type { TeamConfig } from '../../config/config.ts'
import { targetsAnswer } from '../../metrics/scrape/targets-answer.ts'
import { nextAt, toleranceMs } from '../../metrics/scrape/scrape-loop.ts'
import type { Remote } from '../../remote/remote.ts'
import type { Store } from '../../store/store.ts'
import { deletingIn } from './delete-samples.ts'
import { engineSettingsOf } from './engine-settings.ts'
import { every } from '../every.ts'
import { type HubNumbers, hubTarget, openHubNumbers } from './hub-numbers.ts'
import type { HubOptions } from '../options.ts'
import { followKeep, keepAtFirst } from './keep.ts'
import { type SettingsHere, settingsOfHub } from './settings.ts'
import { readSecretsOf } from '../secrets/read-secrets.ts'
import { scrapeOfHub } from './scrape-side.ts'
import { wiresOfHub } from './wires.ts'

export type MetricsHere = Readonly<{
  sides: Pick<HubSide, 'metrics' | 'watching' | 'deleteSamples' | 'answered' | 'writeKeys'>
  /** Opens what is kept. Without it, that waits until somebody asks. */
  start: () => void
  /** What is written down, to be counted. */
  heard: (entry: Entry) => void
  close: () => Promise<void>
}>

type MetricsOfHub = Readonly<{
  /** Of Tandem. */
  version: string
  options: Pick<HubOptions, 'stateDir' | 'projectDir' | 'identity' | 'tell'>
  remote: Remote
  store: Store
  config: () => Promise<TeamConfig>
  broke: (thrown: unknown) => void
}>

/** How soon it is heeded what tandem.ts says otherwise. */
const lookMs = 5_000
const usualPaceMs = 15_000

const questionLimits = { maxSamples: 20_000_000, timeoutMs: 60_000 } as const

/** Samples of this hub. Commands without a hub open them only when they are asked for. */
export async function openMetrics(world: MetricsOfHub): Promise<MetricsHere> {
  const { options, version, store, remote, config, broke } = world
  const tell = options.tell ?? (() => {})
  const folder = join(options.stateDir, 'metrics')
  const keep = await keepAtFirst(config)
  const thread = new MetricsThread({ version, folder, ...keep, ...questionLimits }, { broke, tell })
  const lookAtKeep = followKeep(keep, config, (wanted) => thread.keep(wanted))
  const targets = () => thread.targets()
  const said = { config, projectDir: options.projectDir, folder, limits: questionLimits }
  const engineSettings = engineSettingsOf({ ...said, targets, now: Date.now })
  const numbers = openHubNumbers()
  const secrets = () => readSecretsOf(options, 'infra')
  const settings = settingsOfHub({ projectDir: options.projectDir, thread, config, secrets, tell })
  const side = sideOf(thread, numbers, settings)
  const wires = wiresOfHub({ metrics: side, store, config, tell, broke })
  const own = (read: TeamConfig) => [hubTarget(read.metrics.scrape.intervalMs)]
  const scrape = scrapeOfHub({ options, remote, metrics: side, config, own, tell, broke })
  const stopping = new AbortController()
  const following = (look: () => Promise<void>): Promise<void> =>
    look()
      .catch(broke)
      .then(() => every(lookMs, look, stopping.signal, broke))
  let loops: readonly Promise<void>[] = []
  return {
    sides: {
      metrics: side,
      watching: watchedBy(thread, settings, engineSettings),
      deleteSamples: deletingIn({ thread, ledger: store.ledger, farUrl: settings.farUrl, now: Date.now }),
      answered: numbers.answered,
      writeKeys: writeKeys(store, Date.now),
    },
    heard: numbers.entry,
    start: () => {
      thread.start()
      const looks = [settings.look, lookAtKeep, wires.look, scrape.look]
      loops = [...looks.map(following), sayOwn({ numbers, side, config, stopping }).catch(broke)]
    },
    close: async () => {
      stopping.abort()
      numbers.close()
      await Promise.all([...loops, scrape.close()])
      // What they have counted is flushed into the thread.
      await wires.close()
      await thread.close()
    },
  }
}

/** What is watched. Alerts are none, as nobody evaluates them here. */
function watchedBy(
  thread: MetricsThread,
  settings: SettingsHere,
  engineSettings: () => Promise<EngineSettings>,
): HubSide['watching'] {
  return {
    settings: engineSettings,
    targets: async (params) => targetsAnswer(await thread.targets(), params),
    rules: async (params) =>
      params.get('type') === 'alert' ? { groups: [] } : (await thread.status()).rules,
    alerts: async () => ({ alerts: [] }),
    farReport: () => settings.report(),
  }
}

/** The thread, with what comes in counted; who is asked is said in tandem.ts. */
function sideOf(thread: MetricsThread, numbers: HubNumbers, { ask, ready }: SettingsHere): MetricsSide {
  return {
    take: numbers.counted(async (parcel) => {
      await ready()
      return thread.take(parcel)
    }),
    write: async (samples) => {
      await ready()
      return thread.write(samples)
    },
    ask,
    scrape: async (deed) => {
      await ready()
      return thread.scrape(deed)
    },
    targets: () => thread.targets(),
    top: (most) => thread.top(most),
    snapshot: () => thread.snapshot(),
    clean: () => thread.clean(),
  }
}

type Saying = Readonly<{
  numbers: HubNumbers
  side: MetricsSide
  config: () => Promise<TeamConfig>
  stopping: AbortController
}>

/** The hub is a target like others, which asks itself. */
async function sayOwn({ numbers, side, config, stopping: { signal } }: Saying): Promise<void> {
  let [pace, atMs] = [usualPaceMs, 0]
  while (!signal.aborted) {
    pace = (await config().catch(() => null))?.metrics.scrape.intervalMs ?? pace
    // A timer may be early by a moment: what was said is not said again. A clock that was set back is followed.
    const nowMs = Date.now()
    atMs = nextAt('hub', pace, Math.abs(nowMs - atMs) <= toleranceMs ? Math.max(nowMs, atMs) : nowMs)
    await pause(atMs - Date.now(), undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    const body = new TextEncoder().encode(numbers.page())
    const outcome = { type: 'answered', body, contentType: '' } as const
    const scraped = { id: 'hub', labels: {}, atMs, tookMs: Math.max(0, Date.now() - atMs), outcome }
    // While nobody takes samples in, the engine says itself why.
    await side.scrape({ type: 'scraped', scraped }).catch(() => undefined)
  }
}
