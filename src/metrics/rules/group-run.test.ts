import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GroupRun } from './group-run.ts'
import { groupOf, tryWorld } from './try-world.ts'
import type { TryIntake } from '../try-intake.ts'

describe('a group of rules', () => {
  test('is evaluated in order, and each rule sees what those before it came to', async () => {
    const world = tryWorld()
    world.write('jobs', { host: 'a' }, [[0, 3]])
    world.write('jobs', { host: 'b' }, [[0, 4]])
    const run = new GroupRun(
      groupOf(`
  - {record: 'all:jobs', expr: sum(jobs), labels: {team: shop}}
  - {record: double, expr: 'all:jobs * 2'}
  - {record: five, expr: 5, labels: {team: ''}}`),
      world,
    )
    await run.evaluate(1000)
    assert.deepEqual(world.intake.lines(), [
      'all:jobs{team="shop"} 7 @1000',
      'double{team="shop"} 14 @1000',
      'five 5 @1000',
    ])
  })

  test('ends a series that a rule does not come to any more', async () => {
    const world = tryWorld()
    world.write('jobs', { host: 'a' }, [[0, 3]])
    world.write('jobs', { host: 'b' }, [
      [0, 4],
      [1000, 'stale'],
    ])
    const run = new GroupRun(groupOf("\n  - {record: r, expr: 'jobs + 0'}"), world)
    for (const atMs of [0, 1000, 2000]) await run.evaluate(atMs)
    assert.deepEqual(world.intake.lines(), [
      'r{host="a"} 3 @0',
      'r{host="b"} 4 @0',
      'r{host="a"} 3 @1000',
      'r{host="b"} stale @1000',
      'r{host="a"} 3 @2000',
    ])
  })

  test('remembers why a rule failed, ends no series of it, and goes on with the next', async () => {
    const world = tryWorld()
    world.write('jobs', { host: 'a' }, [[0, 3]])
    world.write('jobs', { host: 'b' }, [[1000, 3]])
    const group = groupOf(
      `
  - {record: r, expr: 'label_replace(jobs, "host", "", "", "")'}
  - {record: s, expr: '"text"'}
  - {record: t, expr: jobs}
  - {record: u, expr: count(jobs)}`,
      'limit: 1',
    )
    const run = new GroupRun(group, world)
    await run.evaluate(0)
    await run.evaluate(1000)
    const said = group.rules.flatMap((rule) => (rule.type === 'recording' ? [run.health(rule)] : []))
    assert.deepEqual(
      said.map(({ health, error }) => [health, error]),
      [
        ['err', 'vector cannot contain metrics with the same labelset'],
        ['err', 'rule result is not a vector or scalar'],
        ['err', 'exceeded limit of 1 with 2 series'],
        ['ok', null],
      ],
    )
    assert.deepEqual(world.intake.lines(), ['r 3 @0', 't{host="a"} 3 @0', 'u 1 @0', 'u 2 @1000'])
  })

  test('says which samples were refused, and that a disk is full, and goes on the next time', async () => {
    const world = tryWorld()
    const group = groupOf('\n  - {record: r, expr: vector(1)}')
    const [rule] = group.rules
    assert.ok(rule?.type === 'recording')
    let isRefusing = true
    const refusing = {
      ...world.intake,
      take: (columns: Parameters<TryIntake['take']>[0]) =>
        isRefusing
          ? { taken: 0, refused: [{ at: 0, why: 'too many series' as const }] }
          : world.intake.take(columns),
    }
    const run = new GroupRun(group, { ...world, intake: refusing })
    await run.evaluate(0)
    assert.equal(run.health(rule).error, '1 of 1 samples were refused: too many series')
    isRefusing = false
    world.intake.fail(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }))
    await run.evaluate(1)
    assert.equal(run.health(rule).error, 'ENOSPC: no space left on device')
    world.intake.fail(null)
    await run.evaluate(2)
    assert.equal(run.health(rule).health, 'ok')
    world.intake.fail(new Error('a bug'))
    await assert.rejects(run.evaluate(3), /a bug/)
  })

  test('that is read anew goes on with rules that stayed, and ends what the others came to', async () => {
    const world = tryWorld()
    const before = new GroupRun(
      groupOf('\n  - {record: a, expr: 1}\n  - {record: b, expr: 2}\n  - {record: c, expr: 3}'),
      world,
    )
    await before.evaluate(0)
    const after = new GroupRun(groupOf('\n  - {record: c, expr: 4}\n  - {record: a, expr: 1}'), world)
    after.takeOver(before)
    await after.evaluate(1)
    after.end(2)
    assert.deepEqual(world.intake.lines().slice(3), [
      'c 4 @1',
      'a 1 @1',
      'b stale @1',
      'c stale @2',
      'a stale @2',
    ])
  })
})
