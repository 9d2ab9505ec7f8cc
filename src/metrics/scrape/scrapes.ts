import type { Intake } from '../intake.ts'
import type { Scraped, TargetPlan, TargetState } from './plan.ts'
import { TargetRecord } from './target-record.ts'

type Target = {
  plan: TargetPlan
  /** With those of the last time. */
  labels: Readonly<Record<string, string>>
  record: TargetRecord | null
  last: Pick<TargetState, 'health' | 'why' | 'atMs' | 'tookMs' | 'samples'>
}

const never: Target['last'] = { health: 'unknown', why: '', atMs: null, tookMs: 0, samples: 0 }

/** All targets, and what they said last. It lives where samples are taken in, and asks nobody itself. */
export class Scrapes {
  readonly #intake: Intake
  readonly #targets = new Map<string, Target>()

  constructor(intake: Intake) {
    this.#intake = intake
  }

  /** From now on these are the targets. The series of all others end. */
  set(plans: readonly TargetPlan[], atMs: number): void {
    const wanted = new Map(plans.map((plan) => [plan.id, plan]))
    for (const [id, target] of this.#targets) {
      if (wanted.has(id)) continue
      target.record?.end(atMs)
      this.#targets.delete(id)
    }
    for (const plan of plans) {
      const known = this.#targets.get(plan.id)
      if (known === undefined)
        this.#targets.set(plan.id, { plan, labels: plan.labels, record: null, last: never })
      else if (JSON.stringify(known.plan) !== JSON.stringify(plan)) this.#renew(known, plan, atMs)
    }
  }

  /** Takes in what was answered, or says that nothing was. Throws what the intake throws. */
  record(scraped: Scraped): void {
    const target = this.#targets.get(scraped.id)
    // Asked before it was taken out, and answered after.
    if (target === undefined) return
    const { atMs, tookMs, outcome } = scraped
    // Who answers nothing does not say which release that is: the series of the one before end as they were.
    const labels =
      outcome.type === 'failed' && Object.keys(scraped.labels).length === 0
        ? target.labels
        : { ...target.plan.labels, ...scraped.labels }
    if (JSON.stringify(labels) !== JSON.stringify(target.labels)) this.#rename(target, labels, atMs)
    target.record ??= new TargetRecord(this.#intake, target.plan, labels)
    try {
      const { isUp, why, samples } = target.record.record({ atMs, tookMs, outcome })
      target.last = { health: isUp ? 'up' : 'down', why, atMs, tookMs, samples }
    } catch (thrown) {
      const why = `what it answered was not kept: ${thrown instanceof Error ? thrown.message : String(thrown)}`
      target.last = { health: 'unknown', why, atMs, tookMs, samples: 0 }
      throw thrown
    }
  }

  /** Says why a target is not asked yet; its series stay as they are. */
  wait(id: string, why: string): void {
    const target = this.#targets.get(id)
    if (target !== undefined) target.last = { ...never, why }
  }

  states(): readonly TargetState[] {
    return [...this.#targets.values()].map(({ plan, labels, last }) => ({
      id: plan.id,
      url: plan.url,
      labels,
      ...last,
      intervalMs: plan.intervalMs,
      timeoutMs: plan.timeoutMs,
    }))
  }

  #renew(target: Target, plan: TargetPlan, atMs: number): void {
    target.record?.end(atMs)
    target.plan = plan
    target.labels = plan.labels
    target.record = null
  }

  #rename(target: Target, labels: Target['labels'], atMs: number): void {
    target.record?.end(atMs)
    target.labels = labels
    target.record = null
  }
}
