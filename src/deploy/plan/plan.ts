import type { Json } from '../../change/json.ts'
import type { Plan, PlanLine, Stage, Step } from '../../change/plan.ts'
import { reachOf } from '../../config/config.ts'
import { type Deployment, short } from '../deployment.ts'
import { type Facts, liveOf } from './facts.ts'
import type { HostWish } from '../program/host-parts.ts'
import { type Manifest, nearestRelease } from '../../ci/artifact/manifest.ts'
import { mainOf } from '../program/units.ts'

const hostsAtOnce = 64

/** What planning a deploy needs to know; nothing is looked up any more. */
export type PlanInput = Readonly<{
  deployment: Deployment
  /** By host; `null` for one that could not be reached. */
  facts: ReadonlyMap<string, Facts | null>
  /** Settings of the front by host, as they must be for a slot to be live at once. */
  frontHashes: ReadonlyMap<string, string>
  manifest: Manifest
  /** Manifests of the releases that some host has. */
  known: ReadonlyMap<string, Manifest>
  commits: readonly string[]
  /** What there is to say of where the release comes from. */
  origin: readonly PlanLine[]
  warnings: readonly string[]
  /** A revert and a healed host run no migration and no hook. */
  isForward: boolean
}>

type HostPlan = Readonly<{ host: string; wish: HostWish }>

/** The plan of a deploy: facts and wish in, stages and steps out. Pure. */
export function planDeploy(input: PlanInput): Plan {
  const { deployment, facts } = input
  const fenced = deployment.hosts.filter((host) => facts.get(host) === null)
  const hosts = deployment.hosts.flatMap((host) => hostPlan(input, host) ?? [])
  const title = `${deployment.app} ${short(deployment.commit)} to ${deployment.environment}`
  return {
    title: `${input.isForward ? 'deploy' : 'bring back'} ${title}`,
    lines: describe(input, hosts),
    warnings: input.warnings,
    stages: [...preparing(input, hosts), ...switching(input, hosts)],
    settle: settling(input, hosts),
    fenced,
    outcome: deployment as unknown as Json,
  }
}

/** What one host has to do; `null` when it has everything already or is not there. */
function hostPlan(
  { deployment, facts, frontHashes, manifest, known }: PlanInput,
  host: string,
): HostPlan | null {
  const fact = facts.get(host) ?? null
  if (fact === null) return null
  const oldSlot = fact.live
  const isRight = (slot: 'a' | 'b'): boolean =>
    fact.slots[slot]?.release === deployment.release && fact.slots[slot].specHash === deployment.specHash
  const hasFront = fact.frontHash === frontHashes.get(host)
  const runs = (slot: 'a' | 'b'): boolean =>
    mainOf(deployment.spec) === '' || (fact.slots[slot]?.pid ?? 0) > 0
  if (oldSlot !== null && isRight(oldSlot) && runs(oldSlot) && hasFront && !fact.isFlipping) return null
  const slot = oldSlot === 'a' ? 'b' : 'a'
  const isWarm =
    deployment.spec.front !== 'none' && oldSlot !== null && isRight(slot) && runs(slot) && hasFront
  return {
    host,
    wish: { slot, oldSlot, base: isWarm ? null : baseOf(fact, deployment.release, manifest, known), isWarm },
  }
}

/** From which release on the host the new one is made: itself when it is there whole, else the nearest. */
function baseOf(
  fact: Facts,
  release: string,
  manifest: Manifest,
  known: ReadonlyMap<string, Manifest>,
): string | null {
  const whole = [...fact.releases].flatMap(([id, state]) => (state === 'building' ? [] : [id]))
  if (whole.includes(release)) return release
  const bases = new Map(whole.flatMap((id) => (known.has(id) ? [[id, known.get(id) ?? []] as const] : [])))
  return nearestRelease(bases, manifest)
}

function step(action: string, host: string, wish: HostWish): Step {
  return { id: `${action} ${host}`, action, host, input: wish, cannotUndo: null }
}

/**
 * What happens before traffic moves. A release may need its migration to become ready, and a migration needs its files:
 * so where there is one it comes between files and start. Otherwise both are one step, in one session.
 */
function preparing({ deployment, isForward }: PlanInput, hosts: readonly HostPlan[]): readonly Stage[] {
  const { migrate, hooks, front } = deployment.spec
  const cold = hosts.filter(({ wish }) => !wish.isWarm)
  const each = (action: string): readonly Step[] => cold.map(({ host, wish }) => step(action, host, wish))
  const migrates = isForward && migrate !== null
  const stages = migrates
    ? [
        stage('files', each('files')),
        stage('migrate', each('migrate').slice(0, 1).map(forGood(migrationStays))),
        // Without a front nothing starts before the switch.
        stage('prepare', front === 'none' ? [] : each('start')),
      ]
    : [stage('prepare', each('prepare'))]
  const before = isForward && hooks.before !== null ? each('before').map(forGood(hookStays)) : []
  return [...stages, stage('before', before)].filter(({ steps }) => steps.length > 0)
}

const migrationStays = 'a migration is not taken back; the release before must be able to read its data'
const hookStays = 'what the hook did is not taken back'

const forGood =
  (cannotUndo: string) =>
  (one: Step): Step => ({ ...one, cannotUndo })

const stage = (name: string, steps: readonly Step[]): Stage => ({
  name,
  steps,
  atOnce: hostsAtOnce,
  watch: null,
})

function settling({ deployment, isForward }: PlanInput, hosts: readonly HostPlan[]): readonly Step[] {
  const confirms = hosts.map(({ host, wish }) => step('confirm', host, wish))
  if (!isForward || deployment.spec.hooks.after === null) return confirms
  return [...confirms, ...hosts.map(({ host, wish }) => forGood(hookStays)(step('after', host, wish)))]
}

/** What is known to be good needs no canary and no watch: going back takes one stage, for it must be quick. */
function switching({ deployment, isForward }: PlanInput, hosts: readonly HostPlan[]): readonly Stage[] {
  const { watchMs } = deployment
  const back = [{ name: 'all', share: { type: 'percent', percent: 100 } }] as const
  const stages = isForward ? deployment.stages : back
  let done = 0
  return stages.flatMap(({ name, share }) => {
    const reach = reachOf(share, hosts.length)
    const now = hosts.slice(done, reach)
    done = Math.max(done, reach)
    if (now.length === 0) return []
    const watch = watchMs === 0 || !isForward ? null : { forMs: watchMs }
    return [
      { name, steps: now.map(({ host, wish }) => step('switch', host, wish)), atOnce: hostsAtOnce, watch },
    ]
  })
}

function describe(
  { deployment, facts, commits, origin }: PlanInput,
  hosts: readonly HostPlan[],
): readonly PlanLine[] {
  const { release, commit, subject, spec } = deployment
  const lines: PlanLine[] = [
    { mark: ' ', text: `release ${short(release)}, commit ${short(commit)} ${subject}` },
    ...origin,
  ]
  for (const line of commits) lines.push({ mark: line.startsWith('<') ? '-' : '+', text: line.slice(2) })
  for (const { host, wish } of hosts) {
    const fact = facts.get(host)
    const old = fact === undefined || fact === null ? null : liveOf(fact)
    const from = old === null ? 'nothing' : short(old.release)
    const settings = old?.release === release ? ' with new settings' : ''
    lines.push({
      mark: '~',
      text: `${host}: ${from} -> ${short(release)}${settings}, ${how(wish, spec.front)}`,
    })
  }
  const doing = new Set(hosts.map(({ host }) => host))
  for (const [host, fact] of facts) {
    if (fact !== null && !doing.has(host))
      lines.push({ mark: ' ', text: `${host}: has ${short(release)} already` })
  }
  return lines
}

function how(wish: HostWish, front: 'haproxy' | 'none'): string {
  if (wish.isWarm) return 'still runs: only the front is switched'
  if (front === 'none') return 'restarted in place: there is no front to hold its connections'
  return `started in slot ${wish.slot}, then the front is switched`
}
