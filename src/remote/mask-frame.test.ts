import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { makeMask } from '../mask/mask.ts'
import { maskFrame } from './mask-frame.ts'

const filter = readFileSync(new URL('mask.pl', import.meta.url), 'utf8')
const piece = 65_536

/** What the filter makes of a text; it reads it in pieces of 65,536 bytes. */
function filtered(text: string, secrets: readonly string[], key = '\u001ekey'): string {
  const frame = maskFrame({ script: secrets.join('\n'), frames: [], secrets })
  assert.ok(frame)
  const folder = mkdtempSync(join(tmpdir(), 'tandem-mask-'))
  try {
    writeFileSync(join(folder, '.mask'), frame.bytes)
    writeFileSync(join(folder, 'text'), text)
    const words = ['-c', 'exec perl -e "$1" "$2" 5<.mask <text', 'sh', filter, key]
    return execFileSync('sh', words, { cwd: folder }).toString()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the hub makes of it. */
function masked(text: string, secrets: readonly string[]): string {
  const mask = makeMask(secrets)
  return Buffer.concat([...mask.write(Buffer.from(text)), ...mask.end()]).toString()
}

const multi = 'first line\nab\nthe last line'

describe('the filter on hosts', () => {
  const texts: readonly [name: string, text: string, secrets: readonly string[]][] = [
    ['a value', 'pass hunter2, hunter2!', ['hunter2', 'hunter22']],
    ['the longer of two', 'xhunter22x', ['hunter2', 'hunter22']],
    ['what holds regular expressions', 'a.*b(c [x]', ['.*b(c']],
    [
      'base64, URL, JSON and shell',
      `${encodeURIComponent('é a/b"c')} ${JSON.stringify('é a/b"c')} é`,
      ['é a/b"c'],
    ],
    ['several lines as one', `a\n${multi}\nb ab\nfirst line\nab\n`, [multi]],
    ['what begins like a secret and is none', 'hunter1 hunhunter2 first line\nac', ['hunter2', multi]],
    ['the beginning of a secret at the end', 'a first line\nab\nthe', [multi]],
  ]
  for (const [name, text, secrets] of texts)
    test(`masks as the hub does: ${name}, wherever a piece ends`, () => {
      for (let before = 0; before <= text.length + 1; before += 1) {
        const long = `${'.'.repeat(piece - before)}${text}`
        assert.equal(filtered(long, secrets), masked(long, secrets))
      }
    })

  test('leaves what is behind the key of the run as it is', () => {
    assert.equal(filtered('exited \u001ekey end exited 0', ['exited']), '[secret] \u001ekey end exited 0')
  })
})

describe('what a host is told to mask', () => {
  const secrets = ['hunter2', "it's mine"]
  const told = (script: string, frame = ''): string => {
    const frames = [{ name: 'a', bytes: Buffer.from(frame) }]
    return Buffer.from(maskFrame({ script, frames, secrets })?.bytes ?? []).toString()
  }

  test('are the secrets that the program brings it', () => {
    assert.ok(told('echo hunter2').includes('hunter2'))
    assert.ok(told(':', 'password = hunter2').includes('hunter2'))
    assert.ok(told(String.raw`X='it'\''s mine'`).includes("it's mine"))
  })

  test('is no other secret, and nothing where there is none', () => {
    assert.ok(!told('echo hunter2').includes('mine'))
    assert.equal(maskFrame({ script: 'echo', frames: [], secrets }), null)
    assert.equal(maskFrame({ script: 'echo on', frames: [], secrets: ['on'] }), null)
  })
})
