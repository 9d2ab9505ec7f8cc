import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { maskText, openMask } from './mask.ts'

const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nq9/+Zz==\n}\n-----END KEY-----\n'

describe('masking', () => {
  const cases: readonly [name: string, text: string, secrets: readonly string[], masked: string][] = [
    ['nothing without secrets', 'plain', [], 'plain'],
    ['a value everywhere', 'pass hunter2, hunter2!', ['hunter2'], 'pass [secret], [secret]!'],
    ['the longer of two', 'xhunter22x', ['hunter2', 'hunter22'], 'x[secret]x'],
    ['values that hold regular expressions', 'a.*b(c [x]', ['.*b(c', 'aaaa'], 'a[secret] [x]'],
    ['nothing for values under four characters', 'on 1 yes', ['on', '1', 'yes', ''], 'on 1 yes'],
    ['nothing twice', 'the secret is [secret]', ['secret'], 'the [secret] is [secret]'],
    ['base64', Buffer.from('hunter2').toString('base64'), ['hunter2'], '[secret]'],
    ['the URL form', 'q=p%40ss%2Fword+x', ['p@ss/word x'], 'q=[secret]'],
    ['the URL form in lower case', 'q=p%40ss%2fword%20x', ['p@ss/word x'], 'q=[secret]'],
    ['the JSON form', String.raw`{"a":"say \"hi\"\n"}`, ['say "hi"\n'], '{"a":"[secret]"}'],
    ['the shell form', String.raw`a='it'\''s me'`, ["it's me"], "a='[secret]'"],
    ['each line of a longer secret', 'x MIIEvQIBADANBg y\nq9/+Zz==\n}', [key], 'x [secret] y\n[secret]\n}'],
  ]
  for (const [name, text, secrets, masked] of cases) {
    test(`masks ${name}`, () => assert.equal(maskText(text, secrets), masked))
    test(`masks ${name}, wherever the text is cut`, () => {
      for (let first = 0; first <= text.length; first += 1)
        for (let second = first; second <= text.length; second += 1) {
          const mask = openMask(secrets)
          const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)]
          assert.equal(pieces.map(mask.push).join('') + mask.flush(), masked)
        }
    })
  }

  test('masks base64 of a text that holds the secret, at each offset', () => {
    for (const before of ['', 'u', 'us', 'user:']) {
      const text = Buffer.from(`${before}correct horse:x`).toString('base64')
      const masked = maskText(text, ['correct horse'])
      assert.match(masked, /\[secret\]/)
      assert.ok(masked.length < text.length - 4, masked)
    }
  })

  test('holds back no more than may still become a secret', () => {
    const mask = openMask(['hunter2'])
    assert.equal(mask.push('the hunt'), 'the ')
    assert.equal(mask.push('s on\n'), 'hunts on\n')
  })

  test('is quick on long texts and long secrets', () => {
    const secret = Array.from({ length: 100 }, (_, line) => `line ${line} of a private key ${'x'.repeat(40)}`)
    const mask = openMask([secret.join('\n')])
    const began = performance.now()
    for (let piece = 0; piece < 64; piece += 1) mask.push('line 7 of something else\n'.repeat(2_600))
    assert.ok(performance.now() - began < 15_000)
  })
})
