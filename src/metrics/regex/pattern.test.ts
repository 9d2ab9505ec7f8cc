import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Random, seeded } from '../../../lab/random.ts'
import { patternOf } from './pattern.ts'
import { PatternTrouble } from './trouble.ts'

const letters = Array.from('aabbc1é😀\n _')

function drawPattern(random: Random, depth: number): string {
  const atoms = [
    'a',
    'b',
    'c',
    '.',
    '[ab]',
    '[^a]',
    '\\d',
    '\\w',
    '\\W',
    'é',
    '😀',
    '1',
    '\\b',
    '^',
    '$',
    '(a|b|)',
  ]
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

describe('patterns', () => {
  it('match whole texts as the engine of JavaScript does, and their groups take the same', () => {
    const random = seeded(5)
    let found = 0
    for (let round = 0; round < 3000; round += 1) {
      const text = drawPattern(random, random.between(1, 4))
      const pattern = patternOf(text)
      const native = new RegExp(`^(?:${text})$`, 'u')
      for (let each = 0; each < 6; each += 1) {
        const drawn = Array.from({ length: random.between(0, 6) }, () => random.pick(letters)).join('')
        const match = native.exec(drawn)
        const told = `${text} on ${JSON.stringify(drawn)}`
        assert.equal(pattern.matches(drawn), match !== null, told)
        // In a repeated group JavaScript forgets what earlier rounds took, and RE2 does not.
        const isRepeated = /[*+?}]/.test(text)
        if (!isRepeated) assert.equal(pattern.expand(drawn, '$0'), match === null ? null : match[0], told)
        if (!isRepeated) assert.equal(pattern.expand(drawn, '$1') ?? '', match?.[1] ?? '', told)
        if (match !== null) found += 1
      }
    }
    assert.ok(found > 800 && found < 16_000, `${found} of 18000 matched`)
  })

  it('know what JavaScript does not', () => {
    const cases: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
      ['(?i)PRO.*', 'production', true],
      ['(?i:k)elvin', '\u212aelvin', true],
      ['a(?i)b', 'Ab', false],
      ['a(?i)b', 'aB', true],
      ['(?s:a.b)', 'a\nb', true],
      ['a.b', 'a\nb', false],
      ['[[:alpha:]]+[[:^digit:]]', 'ab!', true],
      ['\\pL\\p{Greek}\\P{Lu}', 'éαb', true],
      ['\\p{Co}\\p{Any}', '\u{f0001}\u{10ffff}', true],
      ['\\p{Co}', '\u{ffffe}', false],
      ['\\Qa.b\\E+', 'a.bb', true],
      ['\\x{1F600}', '😀', true],
      ['[^a]', '\n', true],
      ['(?m)a$\n^b', 'a\nb', true],
      ['\\101', 'A', true],
      ['(?U)a+', 'aaa', true],
      ['x{,3}', 'x{,3}', true],
      ['[a-]]', '-]', true],
      ['get|post|', '', true],
      ['get|post', 'put', false],
    ]
    for (const [pattern, text, matches] of cases)
      assert.equal(patternOf(pattern).matches(text), matches, `${pattern} on ${text}`)
  })

  it('fill templates with what groups took', () => {
    const { expand } = patternOf('(?P<first>[a-z]+)-(\\d+)(x)?')
    assert.equal(expand('abc-12', '$2/${first}/$first_/$3/$$1/$9/$'), '12/abc///$1//$')
    assert.equal(expand('abc', '$1'), null)
    assert.equal(patternOf('a(b*?)(b*)').expand('abbb', '$1|$2'), '|bbb')
    assert.equal(patternOf('(a|ab)(c|bcd)(d*)').expand('abcd', '$1,$2,$3'), 'a,bcd,')
  })

  it('take no longer for expressions that explode elsewhere', () => {
    const text = `${'a'.repeat(20_000)}!`
    for (const expression of ['(a+)+', '(a|aa)+', '(a*)*b', '(a?){200}a{200}b', '(.*)(.*)(.*)(.*)x']) {
      const pattern = patternOf(expression)
      const began = process.cpuUsage()
      assert.equal(pattern.matches(text), false, expression)
      const ms = process.cpuUsage(began).user / 1000
      assert.ok(ms < 2000, `${expression} took ${ms} ms`)
    }
  })

  it('refuse what is no expression, in the words of Prometheus', () => {
    const refused: Readonly<Record<string, string>> = {
      '(': 'missing closing ): `^(?:()$`',
      ')(': 'unexpected ): `)(`',
      '*a': 'missing argument to repetition operator: `*`',
      'a**': 'invalid nested repetition operator: `**`',
      'a{1001}': 'invalid repeat count: `{1001}`',
      '[z-a]': 'invalid character class range: `z-a`',
      '[a': 'missing closing ]: `[a)$`',
      '\\q': 'invalid escape sequence: `\\q`',
      '\\8': 'invalid escape sequence: `\\8`',
      '\\p{Foo}': 'invalid character class range: `\\p{Foo}`',
      '(?P<n': 'invalid named capture: `(?P<n)$`',
      '(?<n>a)': 'invalid or unsupported Perl syntax: `(?<`',
      '(?=a)': 'invalid or unsupported Perl syntax: `(?=`',
    }
    for (const [pattern, message] of Object.entries(refused))
      assert.throws(() => patternOf(pattern), new PatternTrouble(...split(message)), pattern)
    assert.throws(() => patternOf('((a{1000}){1000}){1000}'), /expression too large/)
    assert.throws(() => patternOf('('.repeat(5000)), /nests too deeply/)
    const scripts =
      'Adlm Ahom Arab Armn Avst Bali Bamu Bass Batk Beng Bhks Bopo Brah Brai Bugi Buhd Cans Cari Cham Cher Copt'
    assert.throws(() => patternOf(scripts.replace(/\w+ ?/g, (name) => `\\p{${name.trim()}}`)), /too large/)
  })
})

function split(message: string): [what: string, where: string] {
  const at = message.indexOf(': `')
  return [message.slice(0, at), message.slice(at + 3, -1)]
}
