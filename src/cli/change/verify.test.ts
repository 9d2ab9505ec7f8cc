import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { sampleOrder } from '../../change/samples.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { openStore } from '../../store/open.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({ people: { ada: { name: 'Ada', may: 'everything' } } })
`

async function verify(dir: string) {
  const world = makeFakeWorld({ cwd: dir, home: dir, now: Date.now })
  const exit = await main(['verify'], world)
  return { exit, text: [...world.outs, ...world.errs].join('\n') }
}

test('a ledger that somebody altered needs a person, and the help of verify says so', async () => {
  await using project = await scratchProject({ 'tandem.ts': config })
  const state = join(project.dir, '.tandem')
  const store = await openStore(state)
  await store.ledger.order(sampleOrder, 1_000, { pid: 1, started: 0, boot: 'elsewhere', kind: 'hub' })
  await store.ledger.append('c1', [{ type: 'withdrawn', who: 'ada', why: '' }], 1_001, null)
  await store.close()
  assert.equal((await verify(project.dir)).exit, 0)
  alter(join(state, 'tandem.db'))
  const { exit, text } = await verify(project.dir)
  assert.equal(exit, 4)
  assert.match(text, /entry 1 of the ledger does not fit/)
  const help = makeFakeWorld()
  await main(['help', 'verify'], help)
  assert.match(help.outs.join('\n'), /exit code 4/)
})

function alter(file: string): void {
  const database = new DatabaseSync(file)
  database.exec('drop trigger entries_are_not_updated')
  database.exec("update entries set line = replace(line, 'ship it', 'nothing') where seq = 1")
  database.close()
}
