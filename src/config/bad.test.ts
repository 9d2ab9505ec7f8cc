import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { TroubleError } from '../change/trouble.ts'
import { loadConfig } from './reading/load.ts'
import { scratchProject } from './scratch-project.ts'

/** `NAME.in` is a `tandem.ts`, `NAME.txt` all that is said about it. */
const folder = new URL('./fixtures/bad/', import.meta.url)
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.in') ? [file.slice(0, -3)] : []))

test('every bad configuration brings its own message', { concurrency: 2 }, async (t) => {
  assert.ok(names.length > 80)
  await Promise.all(
    names.map((name) =>
      t.test(name.replaceAll('-', ' '), async () => {
        await using project = await scratchProject({
          'tandem.ts': readFileSync(new URL(`${name}.in`, folder), 'utf8'),
        })
        const said = await sayingOf(project.dir)
        assert.equal(said, readFileSync(new URL(`${name}.txt`, folder), 'utf8'))
      }),
    ),
  )
})

async function sayingOf(dir: string): Promise<string> {
  try {
    await loadConfig(dir)
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    const { what, where, now, tail = [] } = thrown.trouble
    return [`${where}: ${what}; ${now}`, ...tail, ''].join('\n')
  }
  return 'accepted\n'
}
