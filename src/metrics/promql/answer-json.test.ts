import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { labelsOf } from '../labels.ts'
import { MemorySource } from '../memory-source.ts'
import { answerJson } from './answer-json.ts'
import { askAt, askRange, usual } from './engine.ts'
import { parseQuery } from './parse/parse.ts'

const asking = { ...usual, source: new MemorySource() }
const at = async (query: string, atMs: number): Promise<string> =>
  answerJson((await askAt(parseQuery(query), atMs, asking)).value)

// What a Prometheus 2.42 answers, byte for byte.
describe('answers as JSON', () => {
  it('are those of Prometheus', async () => {
    assert.equal(await at('1', 10_000), '{"resultType":"scalar","result":[10,"1"]}')
    assert.equal(await at('1e-7', 10_000), '{"resultType":"scalar","result":[10,"0.0000001"]}')
    assert.equal(await at('"é"', -1005), '{"resultType":"string","result":[-1.005,"é"]}')
    assert.equal(await at('nothing', 0), '{"resultType":"vector","result":[]}')
    assert.equal(
      await at('label_replace(vector(1e-7), "a", "é\\"\\n", "", "")', 1500),
      '{"resultType":"vector","result":[{"metric":{"a":"é\\"\\n"},"value":[1.500,"1e-07"]}]}',
    )
    assert.equal(
      await at('vector(1)[1s:500ms]', 10_000),
      '{"resultType":"matrix","result":[{"metric":{},"values":[[9,"1"],[9.500,"1"],[10,"1"]]}]}',
    )
    const graph = await askRange(parseQuery('time()/3'), { startMs: 250, endMs: 1000, stepMs: 400 }, asking)
    assert.equal(
      answerJson(graph.value),
      '{"resultType":"matrix","result":[{"metric":{},"values":[[0.250,"0.08333333333333333"],[0.650,"0.21666666666666667"]]}]}',
    )
  })

  it('can be read whatever labels say', () => {
    const labels = labelsOf({ __name__: 'up', path: '"\\\u2028</script>' })
    const json = answerJson({ type: 'vector', samples: [{ labels, atMs: 0, value: -Infinity }] })
    assert.deepEqual(JSON.parse(json), {
      resultType: 'vector',
      result: [{ metric: { __name__: 'up', path: '"\\\u2028</script>' }, value: [0, '-Inf'] }],
    })
  })
})
