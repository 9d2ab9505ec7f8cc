import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { readRules } from './file/read-rules.ts'
import { RuleRunner } from './rule-runner.ts'
import { rulesAnswer } from './rules-answer.ts'
import { slotAt } from './slots.ts'
import { groupOf, tryWorld } from './try-world.ts'

const minute = 60_000

describe('the runner of rules', () => {
  test('evaluates each group at times of its own, an interval apart', async () => {
    const { runner, world, go } = tryRunner()
    const group = groupOf('\n  - {record: r, expr: 1}')
    runner.replace([group])
    const first = slotAt(group, minute, 0) + minute
    await go(3 * minute)
    await runner.stop()
    assert.deepEqual(
      world.intake.lines(),
      [0, 1, 2].map((nth) => `r 1 @${first + nth * minute}`),
    )
    const others = readRules('b.yml', 'groups: [{name: h}, {name: i}, {name: j}]').groups
    assert.ok(new Set(others.map((each) => slotAt(each, minute, 0))).size > 1, 'all begin at once')
    assert.equal(slotAt(group, minute, first), first)
    assert.equal(slotAt(group, minute, first - 1), first - minute)
  })

  test('counts the times that were left out, and goes on at the newest', async () => {
    const { runner, go, clock } = tryRunner()
    runner.replace([groupOf('\n  - {record: r, expr: 1}')])
    await go(minute)
    clock.jump(5 * minute)
    await go(minute)
    await runner.stop()
    assert.equal(runner.groups[0]?.missed, 4)
  })

  test('goes on from where the clock is when it goes back', async () => {
    const { runner, world, go, clock } = tryRunner()
    runner.replace([groupOf('\n  - {record: r, expr: 1}')])
    await go(10 * minute)
    clock.jump(-5 * minute)
    await go(2 * minute)
    await runner.stop()
    const times = world.intake.samples().map(({ ms }) => ms)
    assert.equal(times.length, 11)
    assert.ok((times[10] ?? 0) < (times[9] ?? 0))
  })

  test('reads groups anew without losing what it knows, and ends those that are gone', async () => {
    const { runner, world, go } = tryRunner()
    const text =
      'groups: [{name: g, rules: [{record: a, expr: 1}]}, {name: h, rules: [{record: b, expr: 2}]}]'
    const { groups } = readRules('x.yml', text)
    runner.replace(groups)
    await go(2 * minute)
    runner.replace(groups.slice(0, 1))
    await go(minute)
    await runner.stop()
    const [last, ...others] = world.intake.lines().filter((line) => line.startsWith('b stale'))
    assert.match(last ?? '', /^b stale/)
    assert.deepEqual(others, [])
    assert.equal(world.intake.lines().filter((line) => line.startsWith('a 1')).length, 3)
  })

  test('shows how each rule did, in the words of Prometheus', async () => {
    const { runner, go } = tryRunner()
    const rules = `
  - {record: r, expr: sum(up)   by (x), labels: {a: b}}
  - {record: s, expr: "'text'"}
  - {alert: t, expr: up}`
    runner.replace([groupOf(rules)])
    await go(minute)
    await runner.stop()
    const [atMs] = runner.groups.map(({ run }) => run.evaluated.atMs)
    const lastEvaluation = new Date(atMs ?? 0).toISOString()
    const how = { evaluationTime: 0, lastEvaluation, type: 'recording' }
    assert.deepEqual(rulesAnswer(runner.groups), {
      groups: [
        {
          name: 'g',
          file: 'rules.yml',
          rules: [
            { name: 'r', query: 'sum by (x) (up)', labels: { a: 'b' }, health: 'ok', ...how },
            {
              name: 's',
              query: '"text"',
              health: 'err',
              lastError: 'rule result is not a vector or scalar',
              ...how,
            },
          ],
          interval: 60,
          limit: 0,
          evaluationTime: 0,
          lastEvaluation,
        },
      ],
    })
  })
})

/** A runner whose time goes on only when it is told to. */
function tryRunner() {
  let nowMs = 0
  let waiting: { atMs: number; go: () => void }[] = []
  const world = { ...tryWorld(), now: () => nowMs }
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve())
      waiting.push({ atMs: nowMs + ms, go: resolve })
    })
  const runner = new RuleRunner(world, wait)
  /** Lets time pass; who waits is woken in order. */
  const go = async (ms: number): Promise<void> => {
    await turn()
    for (const endMs = nowMs + ms; ; await turn()) {
      const [next] = waiting.filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)
      if (next === undefined) return void (nowMs = endMs)
      nowMs = Math.max(nowMs, next.atMs)
      waiting = waiting.filter((each) => each !== next)
      next.go()
    }
  }
  const clock = {
    /** Time that passes without anybody noticing; waits end as if it had not. */
    jump: (ms: number): void => {
      nowMs += ms
      if (ms < 0) waiting = waiting.map((each) => ({ ...each, atMs: each.atMs + ms }))
    },
  }
  return { runner, world, go, clock }
}
