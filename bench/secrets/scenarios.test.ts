import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { mayHold, recipeOf, scenarios } from './scenarios.ts'

describe('scenarios of secrets', () => {
  it('are forty, each with a secret and a path of its own', () => {
    assert.equal(scenarios.length, 40)
    assert.equal(new Set(scenarios.map(({ secret }) => secret)).size, 40)
    assert.equal(new Set(scenarios.map(({ path }) => path)).size, 40)
  })

  for (const scenario of scenarios) {
    it(`${scenario.number} names its secret once in its recipe, which can be read`, () => {
      const word = (name: string, options: unknown) => [name, options]
      const secret = (name: string) => `<${name}>`
      const words = { directory: word, exec: word, file: word, template: word, user: word, secret }
      const said: unknown = runInNewContext(`[\n${recipeOf(scenario)}]`, words)
      assert.equal(JSON.stringify(said).split(`<${scenario.secret}>`).length, 2)
    })
  }

  it('let a secret be in its own place and nowhere else', () => {
    const [first] = scenarios
    assert.ok(first)
    assert.ok(mayHold(first, first.path) && mayHold(first, '/var/lib/tandem/undo/c1/2.bytes'))
    assert.ok(!mayHold(first, '/etc/shadow') && !mayHold(first, '/var/lib/tandem/runs/x/journal'))
  })
})
