import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded, type Random } from '../../lab/random.ts'
import { matchedLimit, matcherOf } from './matcher.ts'
import { parsePattern, PatternTrouble } from './parse.ts'

const letters = Array.from('aabbc1é😀\n _')

function drawPattern(random: Random, depth: number): string {
  const atoms = ['a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '\\W', 'é', '😀', '1', '\\b', '^', '$']
  const inner = (): string => drawPattern(random, depth - 1)
  if (depth === 0) return random.pick(atoms)
  const part = `(?:${inner()})`
  return random.pick([
    () => inner() + inner(),
    () => `${inner()}|${inner()}`,
    () => `${part}*`,
    () => `${part}+?`,
    () => `${part}?`,
    () => `${part}{1,3}`,
    () => `(${inner()})`,
  ])()
}

describe('the matcher', () => {
  it('finds what the engine of JavaScript finds', () => {
    const random = seeded(7)
    let found = 0
    for (let round = 0; round < 3000; round += 1) {
      const pattern = drawPattern(random, random.between(1, 4))
      const matches = matcherOf(pattern)
      const native = new RegExp(pattern, 'u')
      for (let each = 0; each < 8; each += 1) {
        const drawn = Array.from({ length: random.between(0, 7) }, () => random.pick(letters))
        const text = drawn.join('')
        assert.equal(matches(text), native.test(text), `${pattern} in ${JSON.stringify(text)}`)
        if (matches(text)) found += 1
      }
    }
    assert.ok(found > 3000 && found < 21_000, `${found} of 24000 found`)
  })

  it('takes no longer for patterns that explode elsewhere', () => {
    const text = `${'a'.repeat(matchedLimit - 1)}!`
    for (const pattern of ['^(a+)+$', '^(a|aa)+$', '(a*)*b', '^(a?){200}a{200}b$', '(.*)(.*)(.*)(.*)x']) {
      const matches = matcherOf(pattern)
      const began = process.cpuUsage()
      assert.equal(matches(text), false, pattern)
      const ms = process.cpuUsage(began).user / 1000
      assert.ok(ms < 2000, `${pattern} took ${ms} ms`)
    }
  })

  it('matches no text beyond its limit', () => {
    const matches = matcherOf('a')
    assert.equal(matches('a'.repeat(matchedLimit)), true)
    assert.equal(matches('a'.repeat(matchedLimit + 1)), false)
  })

  it('keeps nothing from one text to the next', () => {
    const matches = matcherOf('^ab?c$')
    assert.deepEqual(['abc', 'ab', 'ac', 'abc', 'x', 'abc'].map(matches), [
      true,
      false,
      true,
      true,
      false,
      true,
    ])
  })

  it('says where and why a pattern is refused', () => {
    const troubleOf = (pattern: string): PatternTrouble => {
      try {
        parsePattern(pattern)
      } catch (error) {
        if (error instanceof PatternTrouble) return error
      }
      return assert.fail(`${pattern} was not refused`)
    }
    const { at, message, now } = troubleOf('ab(?=c)')
    assert.equal(at, 2)
    assert.match(message, /look ahead/)
    assert.match(now, /\(\?: \)/)
    assert.match(troubleOf('(a)\\1').message, /references/)
    assert.match(troubleOf('a'.repeat(501)).message, /501 long/)
  })
})
