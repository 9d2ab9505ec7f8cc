import type { Json } from '../change/json.ts'
import type { Plan, Stage, Step } from '../change/plan.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Kind, Watched } from './kind.ts'

/**
 * A kind of change for tests of the pipeline: its hosts are names in a map, its steps set them to what is wished, and
 * any step can be told to fail, to hang until it is aborted, or to lose its host.
 */
export type TryKind = Readonly<{
  kind: Kind
  /** What each host has: the running system. */
  hosts: Map<string, string>
  /** Everything that was done, in order. */
  deeds: string[]
  /** What goes wrong, by `do switch h1` or `undo switch h1`; each is used up after `times`. */
  faults: Map<string, { what: 'fail' | 'lost' | 'hang'; times: number }>
  verdict: { now: Watched }
  /** What `heal` answers, or throws: by default that the host is still away. */
  healing: { wish: Json | null; refusal: Error | null }
}>

const canary: Step = step('switch', 'h1')

function step(action: string, host: string): Step {
  return { id: `${action} ${host}`, action, host, input: null, cannotUndo: null }
}

export function tryKind(): TryKind {
  const hosts = new Map(['h1', 'h2', 'h3'].map((host) => [host, 'old']))
  const deeds: string[] = []
  const faults: TryKind['faults'] = new Map()
  const verdict = { now: { verdict: 'healthy', evidence: [] } as Watched }

  const healing: TryKind['healing'] = { wish: null, refusal: null }

  const act = async (word: string, one: Step, signal: AbortSignal | null): Promise<void> => {
    const deed = `${word} ${one.id}`
    deeds.push(deed)
    const fault = faults.get(deed)
    if (fault === undefined || fault.times === 0) return
    fault.times--
    if (fault.what === 'hang') await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    const lost = fault.what === 'lost' ? { lost: true as const } : {}
    throw new TroubleError({ what: `${deed} did not work`, now: 'try again', ...lost })
  }

  const kind: Kind = {
    name: 'try',
    accept: async (wish) => ({ target: 'shop@production', wish }),
    plan: async ({ order }) => {
      if (order.wish === 'impossible')
        throw new TroubleError({ what: 'it cannot be', now: 'wish for something else' })
      return planFor(order.wish)
    },
    run: async ({ plan }) => ({
      do: async (one, signal) => {
        await act('do', one, signal)
        if (one.action === 'switch' && one.host !== null)
          hosts.set(one.host, JSON.stringify(plan.outcome).replaceAll('"', ''))
        return null
      },
      undo: async (one) => {
        await act('undo', one, null)
        if (one.action === 'switch' && one.host !== null) hosts.set(one.host, 'old')
      },
      watch: async () => verdict.now,
      close: async () => void deeds.push('close'),
    }),
    inForce: async () => null,
    revert: async () => 'old',
    heal: async () => {
      if (healing.refusal !== null) throw healing.refusal
      return healing.wish
    },
  }
  return { kind, hosts, deeds, faults, verdict, healing }
}

function planFor(wish: Json): Plan {
  const names = ['h1', 'h2', 'h3']
  const stage = (name: string, steps: readonly Step[], watched: boolean): Stage => ({
    name,
    steps,
    atOnce: 8,
    watch: watched ? { forMs: 1 } : null,
  })
  return {
    title: `try ${JSON.stringify(wish)}`,
    lines: [],
    warnings: [],
    stages: [
      stage(
        'prepare',
        names.map((host) => step('prepare', host)),
        false,
      ),
      stage('canary', [canary], true),
      stage('rest', [step('switch', 'h2'), step('switch', 'h3')], true),
    ],
    settle: names.map((host) => step('confirm', host)),
    fenced: [],
    outcome: wish,
  }
}
