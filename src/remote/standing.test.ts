import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, test } from 'node:test'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { Link, LinkEnd } from './link.ts'
import { openStandingSessions, standingOf } from './standing.ts'

const end: LinkEnd = { code: 0, signal: null, failed: null }

function makeLink() {
  const { promise, resolve } = Promise.withResolvers<LinkEnd>()
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const link: Link = { pid: 1, stdin, stdout, stderr, gone: promise, cut: () => {} }
  return { link, go: () => resolve(end), isEnded: () => stdin.writableEnded }
}

describe('sessions that stand', () => {
  test('are taken once', () => {
    const sessions = openStandingSessions()
    const standing = standingOf('n', makeLink().link)
    sessions.keep('h1', standing)
    assert.equal(sessions.take('h2'), null)
    assert.equal(sessions.take('h1'), standing)
    assert.equal(sessions.take('h1'), null)
  })

  test('are one for each host: the second is ended', () => {
    const sessions = openStandingSessions()
    const [first, second] = [makeLink(), makeLink()]
    sessions.keep('h1', standingOf('n', first.link))
    sessions.keep('h1', standingOf('m', second.link))
    assert.deepEqual([first.isEnded(), second.isEnded()], [false, true])
    assert.equal(sessions.take('h1')?.nonce, 'n')
    sessions.close()
    assert.equal(first.isEnded(), false, 'who has taken one ends it')
  })

  test('are ended when nobody comes, and when all is closed', async () => {
    const sessions = openStandingSessions(30)
    const [idle, used, late] = [makeLink(), makeLink(), makeLink()]
    sessions.keep('h1', standingOf('n', idle.link))
    sessions.keep('h2', standingOf('m', used.link))
    sessions.take('h2')
    await pause(60)
    assert.deepEqual([idle.isEnded(), used.isEnded()], [true, false])
    assert.equal(sessions.take('h1'), null)
    sessions.keep('h1', standingOf('n', late.link))
    sessions.close()
    assert.equal(late.isEnded(), true)
  })

  test('that have gone are not given', async () => {
    const sessions = openStandingSessions()
    const gone = makeLink()
    sessions.keep('h1', standingOf('n', gone.link))
    gone.go()
    await turn()
    assert.equal(sessions.take('h1'), null)
  })

  test('tell their end to who is in them, not to who was', async () => {
    const { link, go } = makeLink()
    const standing = standingOf('n', link)
    const told: string[] = []
    void standing.turn().gone.then(() => told.push('first'))
    void standing.turn().gone.then(() => told.push('second'))
    go()
    await turn()
    void standing.turn().gone.then(() => told.push('late'))
    await turn()
    assert.deepEqual(told, ['second', 'late'])
  })
})
