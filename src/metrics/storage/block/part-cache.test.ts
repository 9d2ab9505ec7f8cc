import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PartCache, type Unpacked } from './part-cache.ts'

describe('parts that were unpacked', () => {
  test('are never more bytes than there is room for, over all blocks, and the newest is there', () => {
    const cache = new PartCache(1000)
    const blocks: readonly Unpacked[] = [[], [], []]
    for (let number = 0; number < 300; number += 1) {
      const block = blocks[number % 3] ?? []
      cache.keep(block, number, new Uint8Array(1 + (number % 100)))
      assert.ok(block[number] !== undefined)
      const bytes = blocks.flat().reduce((sum, part) => sum + (part?.length ?? 0), 0)
      assert.ok(bytes <= 1000, `${bytes} bytes after part ${number}`)
    }
    assert.ok(blocks.flat().filter((part) => part !== undefined).length >= 10)
  })

  test('that are larger than all room are there until the next one comes', () => {
    const cache = new PartCache(10)
    const block: Unpacked = []
    cache.keep(block, 0, new Uint8Array(50))
    assert.equal(block[0]?.length, 50)
    cache.keep(block, 1, new Uint8Array(5))
    assert.deepEqual([block[0], block[1]?.length], [undefined, 5])
  })

  test('are found for the most part by who reads a little more than there is room for again and again', () => {
    const cache = new PartCache(80)
    const block: Unpacked = []
    let found = 0
    for (let round = 0; round < 200; round += 1)
      for (let number = 0; number < 100; number += 1)
        if (block[number] === undefined) cache.keep(block, number, new Uint8Array(1))
        else found += 1
    assert.ok(found > 8000, `${found} of 20000 found`)
  })
})
