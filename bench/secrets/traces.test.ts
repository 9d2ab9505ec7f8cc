import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { seeded } from '../../lab/random.ts'
import { drawCanary } from './canary.ts'
import { tracesIn, tracesInText } from './traces.ts'

const canary = drawCanary(seeded(3), false)
const other = drawCanary(seeded(4), false)

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-traces-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'in'))
  writeFileSync(join(folder, 'in/other'), other.value)
  return folder
}

const forms: Readonly<Record<string, string>> = {
  'as it is': canary.value,
  'in JSON': JSON.stringify({ canary: canary.value }),
  'in a URL': encodeURIComponent(canary.value),
  'in shell quotes': `'${canary.value.replaceAll("'", `'\\''`)}'`,
  'in hexadecimal': Buffer.from(canary.value).toString('hex'),
  'in base64': Buffer.from(canary.value).toString('base64'),
  'in base64, one byte further': Buffer.from(`x${canary.value}`).toString('base64'),
  'in base64, two bytes further': Buffer.from(`xy${canary.value}z`).toString('base64url'),
}

describe('traces of a canary', () => {
  for (const [name, text] of Object.entries(forms)) {
    it(`are found ${name}, between other bytes`, (t) => {
      const folder = folderFor(t)
      assert.deepEqual(tracesIn(folder, canary), [])
      writeFileSync(
        join(folder, 'in/log'),
        Buffer.concat([Buffer.from([0, 255]), Buffer.from(`a ${text} z`)]),
      )
      assert.deepEqual(
        tracesIn(folder, canary).map(({ where }) => where),
        ['in/log'],
      )
      assert.equal(tracesInText('a log', `a ${text} z`, canary).length, 1)
    })
  }

  it('are found in the names of files', (t) => {
    const folder = folderFor(t)
    writeFileSync(join(folder, encodeURIComponent(canary.value)), '')
    assert.equal(tracesIn(folder, canary).length, 1)
  })

  it('are not looked for in what was written before', (t) => {
    const folder = folderFor(t)
    writeFileSync(join(folder, 'old'), canary.value)
    assert.deepEqual(tracesIn(folder, canary, Date.now() + 60_000), [])
  })

  it('are not those of another canary', (t) => {
    assert.deepEqual(tracesIn(folderFor(t), canary), [])
    assert.equal(tracesIn(folderFor(t), other).length, 1)
  })
})
