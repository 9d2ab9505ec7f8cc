import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { measure } from '../../try-measure.ts'
import { runScript } from './run.ts'

const { path: folder, missing } = measure('promql-2.42')

describe('the test scripts of Prometheus 2.42', () => {
  it('all pass, at their time, as graphs, and pinned to their time', { skip: missing ?? false }, async () => {
    let count = 0
    for (const file of globSync('*.test', { cwd: folder })) {
      const outcomes = await runScript(readFileSync(join(folder, file), 'utf8'))
      const wrong = outcomes.filter(({ fault }) => fault !== null)
      assert.deepEqual(wrong, [], file)
      count += outcomes.length
    }
    assert.equal(count, 566)
  })

  it('would tell of every kind of wrong answer', async () => {
    const faultsOf = async (evaluation: string): Promise<readonly (string | null)[]> => {
      const outcomes = await runScript(`load 1m\n  up{job="a"} 1 1 1\n  up{job="b"} 2 2 2\n\n${evaluation}`)
      return outcomes.map(({ fault }) => fault)
    }
    const both = '\n  up{job="b"} 2\n  up{job="a"} 1'
    assert.deepEqual(await faultsOf(`eval instant at 1m up${both}`), [null])
    assert.match(
      String(await faultsOf(`eval_ordered instant at 1m sort(up)${both}`)),
      /at place 0 instead of 1/,
    )
    assert.match(String(await faultsOf('eval instant at 1m up\n  up{job="a"} 1')), /"b"\} is not expected/)
    assert.match(String(await faultsOf(`eval instant at 1m up${both}\n  up{job="c"} 3`)), /"c"\} is missing/)
    assert.match(
      String(await faultsOf('eval instant at 1m up{job="a"}\n  up{job="a"} 3')),
      /is 1 instead of 3/,
    )
    assert.match(String(await faultsOf('eval instant at 1m 1 + 1\n  3')), /is 2 instead of 3/)
    assert.match(String(await faultsOf('eval_fail instant at 1m up')), /should have none/)
    assert.match(String(await faultsOf('eval instant at 1m up + on() up')), /duplicate series/)
  })
})
