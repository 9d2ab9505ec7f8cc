import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Flag } from '../../../sdk/flag/flag.ts'
import type { EnvironmentFlags, FlagDelta } from '../wire-flags.ts'
import { Bell } from './bell.ts'

const flag: Flag = { type: 'boolean', on: true, variants: { on: true }, default: 'on', off: null }

/** An environment that changes when it is told to, and pages that keep what they hear. */
function open(count: number) {
  let rev = 'r1'
  let tell: (delta: FlagDelta) => void = () => {}
  const here = {
    rev: () => rev,
    subscribe: (listener: (delta: FlagDelta) => void) => {
      tell = listener
      return () => {}
    },
  } as Partial<EnvironmentFlags> as EnvironmentFlags
  const bell = new Bell(here, async () => true)
  const pages = Array.from({ length: count }, () => {
    const page = { heard: '', writableLength: 0, isGone: false, leave: () => {} }
    const response = {
      write: (text: string) => ((page.heard += text), true),
      on: (event: string, listener: () => void) => void (event === 'close' && (page.leave = listener)),
      destroy: () => void (page.isGone = true),
      get writableLength() {
        return page.writableLength
      },
    }
    bell.add(response as unknown as ServerResponse, 'k', null)
    return page
  })
  const change = (to: Flag) => {
    const prev = rev
    rev = `${rev}1`
    tell({ environment: 'production', prev, rev, flags: { f: to }, segments: {} })
  }
  const told = () => pages.filter(({ heard }) => heard.includes(`id: ${rev}\n`)).length
  const close = () => pages.forEach(({ leave }) => leave())
  return { bell, pages, change, told, close }
}

test('pages are told in turns, so that they do not all ask at once', async () => {
  const { change, told, close } = open(1200)
  change(flag)
  assert.equal(told(), 500)
  for (let waited = 0; told() < 1200; waited += 10) {
    assert.ok(waited < 2000, `${told()} of 1200 were told`)
    await pause(10)
  }
  close()
})

test('when something is switched off all are told at once, whoever waits for what was before', async () => {
  const { pages, change, told, close } = open(1200)
  change(flag)
  change({ ...flag, on: false })
  assert.equal(told(), 1200)
  await pause(150)
  assert.equal(
    pages.every(({ heard }) => heard.split('refetchEvaluation').length <= 3),
    true,
  )
  close()
})

test('a page that takes nothing is let go, and nobody is left when all have gone', () => {
  const { bell, pages, change, close } = open(2)
  const [slow, other] = pages
  if (slow === undefined || other === undefined) return assert.fail('there are no pages')
  slow.writableLength = 1_000_000
  change(flag)
  assert.deepEqual([slow.isGone, other.isGone], [true, false])
  assert.ok(other.heard.includes('refetchEvaluation'))
  close()
  assert.equal(bell.listeners, 0)
})
