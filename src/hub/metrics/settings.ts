import { TroubleError } from '../../change/trouble.ts'
import type { AuthConfig, MetricsConfig } from '../../config/metrics/metrics.ts'
import { mistakesInRules, readRuleFiles, unevaluated } from '../../config/metrics/rule-files.ts'
import type { TeamConfig } from '../../config/config.ts'
import { examine } from '../../metrics/far/doctor/examine.ts'
import { askFar } from '../../metrics/far/far-asker.ts'
import type { FarPlace } from '../../metrics/far/post.ts'
import type { FarReport, MetricsSide, MetricsStatus, Settings } from '../../metrics/metrics-side.ts'

type Thread = Pick<MetricsSide, 'ask'> &
  Readonly<{ heed: (settings: Settings) => Promise<void>; status: () => Promise<MetricsStatus> }>

type SettingsWorld = Readonly<{
  projectDir: string
  thread: Thread
  config: () => Promise<TeamConfig>
  /** The secrets of the infrastructure. */
  secrets: () => Promise<ReadonlyMap<string, string>>
  tell: (line: string) => void
}>

export type SettingsHere = Readonly<{
  /** Heeds what tandem.ts says by now of rules and of the far side. */
  look: () => Promise<void>
  /** Resolves when the first look is over, if there was one: what is taken in before would not go to the far side. */
  ready: () => Promise<void>
  /** Who is asked: the far engine where there is one to be read, else what is kept here. */
  ask: MetricsSide['ask']
  /** Where the far engine is that is asked in our place; null where there is none. */
  farUrl: () => string | null
  /** How it stands with the far side, as of now. */
  report: () => Promise<FarReport>
}>

/** What tandem.ts says of metrics beyond the wires: it is heeded inside the thread, and here decides who is asked. */
export function settingsOfHub({ projectDir, thread, config, secrets, tell }: SettingsWorld): SettingsHere {
  let reading: FarPlace | null = null
  let [heeded, told] = ['', '']
  let first: Promise<void> | null = null
  const tellOnce = (line: string): void => {
    if (line !== told && line !== '') tell(line)
    told = line
  }
  const look = async (): Promise<void> => {
    const { metrics } = await config()
    const rules = await readRuleFiles(metrics.rules, projectDir)
    const [mistake] = await mistakesInRules(rules, projectDir)
    const opened = await openedBy(metrics.remote?.auth ?? null, secrets)
    const trouble =
      mistake === undefined ? opened.trouble : `${mistake.place.file}:${mistake.place.line}: ${mistake.what}`
    tellOnce(trouble)
    if (trouble !== '') return
    const said = settingsOf(metrics, rules, opened.authorization)
    const read = metrics.remote?.read ?? null
    reading = read === null ? null : { url: read, authorization: opened.authorization }
    if (JSON.stringify(said) === heeded) return
    await thread.heed(said)
    heeded = JSON.stringify(said)
    for (const line of await unevaluated(rules)) tell(line)
  }
  return {
    look: () => {
      const looking = look()
      first ??= looking.catch(() => undefined)
      return looking
    },
    ready: () => first ?? Promise.resolve(),
    ask: (asked, signal) =>
      reading === null ? thread.ask(asked, signal) : askFar(reading, asked, signal ?? null),
    farUrl: () => reading?.url ?? null,
    report: async () => reportOf(reading, (await config()).metrics.remote?.labels ?? {}, thread),
  }
}

function settingsOf(
  { remote }: MetricsConfig,
  rules: Settings['rules'],
  authorization: string | null,
): Settings {
  if (remote === null || remote.write === null) return { rules, far: null }
  const { write: url, labels, queueBytes } = remote
  return { rules, far: { url, authorization, labels, queueBytes } }
}

async function reportOf(
  reading: FarPlace | null,
  labels: Readonly<Record<string, string>>,
  thread: Thread,
): Promise<FarReport> {
  const { far: sending } = await thread.status()
  if (sending === null && reading === null)
    throw new TroubleError({
      what: 'no engine beyond this machine is written to or read from',
      where: 'tandem.ts: metrics.remote',
      now: 'name one there, as docs/guide/metrics-far.md shows, and run the hub',
    })
  if (reading === null) return { sending, compared: null }
  const far: MetricsSide['ask'] = (asked, signal) => askFar(reading, asked, signal ?? null)
  const compared = await examine({
    url: reading.url,
    near: (asked, signal) => thread.ask(asked, signal),
    far,
    labels,
    nowMs: Date.now(),
  })
  return { sending, compared }
}

/** The header that opens the far side. */
async function openedBy(
  auth: AuthConfig | null,
  secrets: SettingsWorld['secrets'],
): Promise<Readonly<{ authorization: string | null; trouble: string }>> {
  if (auth === null) return { authorization: null, trouble: '' }
  const secret = (await secrets()).get(auth.secret)
  if (secret === undefined) {
    const trouble = `metrics.remote names the secret ${auth.secret}, and there is none: tandem secret set ${auth.secret} --in infra`
    return { authorization: null, trouble }
  }
  switch (auth.kind) {
    case 'bearer':
      return { authorization: `Bearer ${secret}`, trouble: '' }
    case 'basic': {
      const both = Buffer.from(`${auth.user}:${secret}`).toString('base64')
      return { authorization: `Basic ${both}`, trouble: '' }
    }
  }
}
