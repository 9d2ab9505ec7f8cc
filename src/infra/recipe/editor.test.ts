import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { recipeWords } from '../../config/reading/said.ts'
import { sorts } from './sorts.ts'

const wish = ['resource-wish.ts', 'system-wish.ts']
  .map((file) => readFileSync(new URL(`../../config/infra/${file}`, import.meta.url), 'utf8'))
  .join('\n')
const examples = readFileSync(new URL('../../../examples/tandem.d.ts', import.meta.url), 'utf8')

/** The keys of a type in the text that editors see, those of the types it is made of included. */
function editorKeys(name: string): readonly string[] {
  const [, text] = new RegExp(`^export type ${name} =(.*?)(?=^export |(?![^]))`, 'ms').exec(wish) ?? []
  assert.ok(text !== undefined, `there is no type ${name}`)
  const own = [...text.matchAll(/^ {2,4}(\w+)\??:/gm)].map(([, key = '']) => key)
  const others = [...text.matchAll(/^ *((?:Every|Access)Options)\b/gm)].flatMap(([, other = '']) =>
    editorKeys(other),
  )
  return [...new Set([...own, ...others])].toSorted()
}

/** The keys that a schema knows, through all that is wrapped round its object. */
function schemaKeys(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape).toSorted()
  if (schema instanceof z.ZodPipe) {
    const inner = schemaKeys(schema.in)
    return inner.length > 0 ? inner : schemaKeys(schema.out)
  }
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap(schemaKeys))].toSorted()
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return schemaKeys(schema.unwrap())
  return []
}

test('every word of recipes is a sort of resource, and every sort is a word', () => {
  assert.deepEqual([...sorts.keys()].toSorted(), [...recipeWords].toSorted())
})

for (const word of recipeWords) {
  test(`editors know the options of ${word} as the hub does`, () => {
    const [, type = ''] =
      new RegExp(`^export declare function ${word}\\([^)]*options\\??: (\\w+)\\)`, 'ms').exec(wish) ?? []
    assert.equal(type, `${word[0]?.toUpperCase()}${word.slice(1)}Options`)
    assert.deepEqual(editorKeys(type), schemaKeys(sorts.get(word)?.options))
  })
}

test('the examples see every word', () => {
  for (const word of ['tandem', 'secret', ...recipeWords]) {
    assert.match(examples, new RegExp(`^ +export const ${word}:`, 'm'))
  }
})
