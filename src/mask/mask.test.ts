import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeMask, type Mask } from './mask.ts'

const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nq9/+Zz==\n}\n-----END KEY-----\n'
const odd = `it's "é"/+\\ & <b>`

/** What a mask of these secrets makes of a text that comes in these pieces. */
const masked = (pieces: readonly (string | Uint8Array)[], secrets: readonly string[]): string =>
  through(makeMask(secrets), pieces)

function through(mask: Mask, pieces: readonly (string | Uint8Array)[]): string {
  const written = pieces.flatMap((piece) => mask.write(Buffer.from(piece)).map((one) => Buffer.from(one)))
  return Buffer.concat([...written, ...mask.end()]).toString()
}

describe('masking', () => {
  const cases: readonly [name: string, text: string, secrets: readonly string[], masked: string][] = [
    ['nothing without secrets', 'plain', [], 'plain'],
    ['a value everywhere', 'pass hunter2, hunter2!', ['hunter2'], 'pass [secret], [secret]!'],
    ['a value twice in a row', 'hunter2hunter2', ['hunter2'], '[secret][secret]'],
    ['the longer of two', 'xhunter22x', ['hunter2', 'hunter22'], 'x[secret]x'],
    ['two that overlap as one', 'x first-second x', ['first-sec', 't-second'], 'x [secret] x'],
    ['what goes on into itself', 'xababababx', ['abab'], 'x[secret]x'],
    ['values that hold regular expressions', 'a.*b(c [x]', ['.*b(c', 'aaaa'], 'a[secret] [x]'],
    ['nothing for values under four characters', 'on 1 yes', ['on', '1', 'yes', ''], 'on 1 yes'],
    ['nothing twice', 'the secret is [secret]', ['secret'], 'the [secret] is [secret]'],
    ['not the space around it', ' hunter2\n', [' hunter2\n'], ' [secret]\n'],
    ['base64', Buffer.from('hunter2').toString('base64'), ['hunter2'], '[secret]'],
    ['base64 without padding', 'a3VtYmF5YQ', ['kumbaya'], '[secret]'],
    ['base64 in a URL', 'Pz8/Pj4+ Pz8_Pj4- Pz8%2FPj4%2b', ['???>>>'], '[secret] [secret] [secret]'],
    [
      'base64 at any edge',
      'dXNlcjpodW50ZXIy aHVudGVyMjI= eGh1bnRlcjI',
      ['hunter2'],
      'dXNlcj[secret] [secret]I= e[secret]',
    ],
    ['wrapped base64', `${'x'.repeat(70)}aHVu\ndGVyMg==\n`, ['hunter2'], `${'x'.repeat(70)}[secret]\n`],
    [
      'base64 wrapped as on other systems',
      `${'x'.repeat(70)}aHVu\r\ndGVyMg`,
      ['hunter2'],
      `${'x'.repeat(70)}[secret]`,
    ],
    ['nothing over the end of a short line', 'x aHVudGVyM\ngone', ['hunter2'], 'x aHVudGVyM\ngone'],
    ['hex in both cases', '6b756d 6B756D62617961 6b756d62617961', ['kumbaya'], '6b756d [secret] [secret]'],
    ['the URL form', 'q=p%40ss%2Fword+x', ['p@ss/word x'], 'q=[secret]'],
    ['the URL form in lower case', 'q=p%40ss%2fword%20x', ['p@ss/word x'], 'q=[secret]'],
    ['the JSON form', String.raw`{"a":"say \"hi\"\n!"}`, ['say "hi"\n!'], '{"a":"[secret]"}'],
    ['JSON in ASCII', String.raw`gr\u00fc\u00DFe \ud83d\ude00!`, ['grüße 😀!'], '[secret]'],
    ['JSON in JSON', JSON.stringify(JSON.stringify(odd)), [odd], String.raw`"\"[secret]\""`],
    ['the HTML form', 'it&#39;s &quot;é&quot;/+\\ &amp; &lt;b&gt;', [odd], '[secret]'],
    ['the shell form', String.raw`a='it'\''s me'`, ["it's me"], "a='[secret]'"],
    [
      'what printf %q prints',
      String.raw`it\'s\ me $'it\'s\303\251'`,
      ["it's me", "it's\u00e9"],
      "[secret] $'[secret]'",
    ],
    ['what Python prints', String.raw`'it\'s \xe9' b'it\'s \xc3\xa9'`, ["it's é"], "'[secret]' b'[secret]'"],
    ['each line of a longer secret', 'x MIIEvQIBADANBg y\nq9/+Zz==\n}', [key], 'x [secret] y\n[secret]\n}'],
    ['a longer secret as one', `<${key.trim()}>`, [key], '<[secret]>'],
    ['a longer secret in one line', key.trim().replaceAll('\n', String.raw`\n`), [key], '[secret]'],
    [
      'no line that everybody has',
      '-----BEGIN KEY-----\n========',
      [`${key}========`],
      '-----BEGIN KEY-----\n========',
    ],
  ]
  for (const [name, text, secrets, wanted] of cases) {
    test(`masks ${name}`, () => assert.equal(masked([text], secrets), wanted))
    test(`masks ${name}, wherever the text is cut`, () => {
      const bytes = Buffer.from(text)
      const mask = makeMask(secrets)
      const each = Array.from(bytes, (byte) => Uint8Array.of(byte))
      assert.equal(through(mask, each), wanted)
      for (let first = 0; first <= bytes.length; first += 1)
        for (let second = first; second <= bytes.length; second += 3) {
          const pieces = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
          assert.equal(through(mask, pieces), wanted)
        }
    })
  }

  test('masks base64 of a text that holds the secret, at each offset', () => {
    for (const before of ['', 'u', 'us', 'user:']) {
      const text = Buffer.from(`${before}correct horse:x`).toString('base64')
      const shown = masked([text], ['correct horse'])
      assert.match(shown, /\[secret\]/)
      assert.ok(shown.length < text.length - 4, shown)
    }
  })

  test('holds back no more than may still become a secret', () => {
    const mask = makeMask(['hunter2'])
    const write = (text: string): string => Buffer.concat(mask.write(Buffer.from(text))).toString()
    assert.equal(write('the hunt'), 'the ')
    assert.equal(write('s on\n'), 'hunts on\n')
  })

  test('meets a secret wherever it lies across the border of two long pieces', () => {
    for (const secret of ['hunter2', key.trim(), 'long '.repeat(60).trim()]) {
      const mask = makeMask([secret])
      for (const before of [0, 100, 200]) {
        const text = `${'.'.repeat(before)}${secret}${'.'.repeat(300)}${secret}.`
        const wanted = `${'.'.repeat(before)}[secret]${'.'.repeat(300)}[secret].`
        for (let cut = 0; cut <= before + secret.length; cut += 1)
          assert.equal(through(mask, [text.slice(0, cut), text.slice(cut)]), wanted, `${before} ${cut}`)
      }
    }
  })

  test('copies nothing but the border of a long piece', () => {
    const mask = makeMask(['hunter2'])
    mask.write(Buffer.from('the hunt'))
    const piece = Buffer.alloc(64 * 1024, 'x')
    const shared = mask.write(piece).filter(({ buffer }) => buffer === piece.buffer)
    assert.ok(shared.reduce((sum, { length }) => sum + length, 0) > piece.length - 256)
  })

  test('holds back no more of a secret that goes on into itself without end', () => {
    const mask = makeMask(['abababab'])
    const text = Buffer.from('ab'.repeat(50_000))
    let given = Buffer.concat(mask.write(Buffer.from('ab'.repeat(50_000)))).toString()
    for (let time = 0; time < 20; time += 1) given += Buffer.concat(mask.write(text)).toString()
    assert.equal(given, '[secret]')
    assert.equal(Buffer.concat(mask.end()).toString(), '')
  })

  test('leaves bytes that are no text as they are', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 0x80, 0x68, 0x75, 0x6e, 0xc3])
    const mask = makeMask(['hunter2'])
    assert.deepEqual(Buffer.concat([...mask.write(bytes), ...mask.end()]), bytes)
  })

  test('is quick on long texts and long secrets', () => {
    const secret = Array.from({ length: 100 }, (_, line) => `line ${line} of a private key ${'x'.repeat(40)}`)
    const mask = makeMask([secret.join('\n')])
    const piece = Buffer.from('line 7 of something else\n'.repeat(2_600))
    const began = performance.now()
    for (let time = 0; time < 64; time += 1) mask.write(piece)
    assert.ok(performance.now() - began < 15_000)
  })
})

describe('the search behind the mask', () => {
  test('finds what looking at every place finds, in any text and any pieces', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    const word = (length: number): string => Array.from({ length }, () => 'abc'[random(3)]).join('')
    for (let round = 0; round < 2_000; round += 1) {
      const secrets = Array.from({ length: 1 + random(3) }, () => word(4 + random(9)))
      const text = word(random(80))
      const cuts = [
        0,
        ...[random(text.length + 1), random(text.length + 1)].toSorted((a, b) => a - b),
        text.length,
      ]
      const pieces = cuts.slice(1).map((to, index) => text.slice(cuts[index], to))
      assert.equal(masked(pieces, secrets), everyPlace(text, secrets), JSON.stringify({ secrets, pieces }))
    }
  })
})

/** The plain way: mark every byte of every occurrence, where one begins that no other has reached. */
function everyPlace(text: string, secrets: readonly string[]): string {
  let shown = ''
  let covered = 0
  for (let at = 0; at < text.length; at += 1) {
    const longest = Math.max(0, ...secrets.filter((one) => text.startsWith(one, at)).map((one) => one.length))
    if (longest > 0 && at >= covered) shown += '[secret]'
    covered = Math.max(covered, at + longest)
    if (at >= covered) shown += text.charAt(at)
  }
  return shown
}

test('whole lines that are held back are released, and what follows is masked as before', () => {
  const mask = makeMask(['hunter2hunter2hunter2'])
  const given: string[] = []
  const take = (pieces: readonly Uint8Array[]): void =>
    void given.push(pieces.map((piece) => Buffer.from(piece).toString()).join(''))
  take(mask.write(Buffer.from('confirm 4aHV\n')))
  take(mask.release())
  take(mask.write(Buffer.from('hunt')))
  take(mask.release())
  take(mask.write(Buffer.from('er2hunter2hunter2 end.')))
  assert.deepEqual(given, ['confirm 4', 'aHV\n', '', '', '[secret] end.'])
})
