import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { sh, shAssign, shLine } from './quote.ts'

const shells = [['/bin/dash'], ['/bin/bash', '--posix'], ['/bin/busybox', 'sh'], ['/usr/bin/busybox', 'sh']]
const present = shells.filter(([file]) => file !== undefined && existsSync(file))

describe('quoting for the shell', () => {
  test('at least one shell is here to ask', () => assert.ok(present.length > 0))

  for (const [file = '', ...options] of present) {
    const told = (script: string): Buffer =>
      spawnSync(file, [...options, '-s'], { input: script, env: { LC_ALL: 'C' } }).stdout

    test(`${file} reads every byte from 1 to 255 back, alone and with every neighbour`, () => {
      const bytes = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1))
      const pairs = `'"\\$\`!*~#\n\t -=[{(&;|<>`.split('').flatMap((one) => bytes.map((two) => one + two))
      const words = ['', ...bytes, ...pairs, bytes.join(''), bytes.toReversed().join('')]
      const script = Buffer.from(`printf '%s\\0' ${shLine(words)}\n`, 'latin1')
      const out = spawnSync(file, [...options, '-s'], { input: script, env: { LC_ALL: 'C' } }).stdout
      assert.deepEqual(out.toString('latin1').split('\0').slice(0, -1), words)
    })

    test(`${file} reads random words back`, () => {
      const random = seeded(20_091_123)
      const words = Array.from({ length: 300 }, () =>
        String.fromCodePoint(...Array.from({ length: 1 + random(30) }, () => 1 + random(0x2fff))),
      )
      assert.deepEqual(
        told(`printf '%s\\0' ${shLine(words)}`)
          .toString()
          .split('\0')
          .slice(0, -1),
        words,
      )
    })

    test(`${file} reads assignments back`, () => {
      const values = { one: "it's\n", two: '$(exit 3)`' }
      assert.equal(told(`${shAssign(values)}printf %s "$one$two"`).toString(), "it's\n$(exit 3)`")
    })
  }

  test('a NUL is refused, as no shell word can hold one', () => {
    assert.throws(() => sh('a\0b'), RangeError)
  })
})

/** A small linear congruential source: the same words in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}
