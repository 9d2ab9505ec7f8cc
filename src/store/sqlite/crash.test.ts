import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { thisProcess } from '../holder.ts'
import { openStore } from '../open.ts'
import type { Store } from '../store.ts'

const program = join(import.meta.dirname, 'fixtures/append-until-killed.ts')
const trials = Number(process.env['TANDEM_TRIALS'] ?? 6)

type Writer = Readonly<{ child: ChildProcess; said: Promise<readonly string[]> }>

function startWriter(folder: string, name: string, times: number): Writer {
  const child = spawn(process.execPath, [program, folder, name, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.ok(child.stdout !== null)
  return { child, said: text(child.stdout).then((said) => said.split('\n').slice(0, -1)) }
}

/** Waits until the writer says something, or ends without. */
async function firstWord(child: ChildProcess): Promise<void> {
  assert.ok(child.stdout !== null)
  await Promise.race([once(child.stdout, 'data'), once(child.stdout, 'end')])
}

/** Plays in a fresh folder; `start` starts a writer there that does not outlive the play. */
async function inFolder(
  play: (folder: string, start: (name: string, times: number) => Writer) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-crash-'))
  const writers: Writer[] = []
  const start = (name: string, times: number): Writer => {
    const writer = startWriter(folder, name, times)
    writers.push(writer)
    return writer
  }
  try {
    await play(folder, start)
  } finally {
    for (const { child } of writers) child.kill('SIGKILL')
    await Promise.all(writers.map((writer) => writer.said))
    await rm(folder, { recursive: true })
  }
}

/** The notes of every change, in pairs: each append wrote two. */
async function notesOf(store: Store): Promise<readonly string[]> {
  const entries = await store.ledger.since(0, 1_000_000)
  return entries.flatMap((entry) => (entry.type === 'note' ? [entry.text] : []))
}

async function assertKept(store: Store, said: readonly string[], why: string): Promise<void> {
  const notes = new Set(await notesOf(store))
  for (const text of said.filter((word) => word.includes('.'))) {
    assert.ok(notes.has(`${text}a`) && notes.has(`${text}b`), `${text} was acknowledged and is lost: ${why}`)
  }
  for (const note of notes) {
    const half = note.endsWith('a') ? 'b' : 'a'
    assert.ok(notes.has(note.slice(0, -1) + half), `${note} is half of an append: ${why}`)
  }
  assert.equal((await store.ledger.verify()).bad, null, why)
}

/** The mulberry32 generator: the same seed gives the same numbers between 0 and 1. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    const a = Math.imul(state ^ (state >>> 15), 1 | state)
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a
    return ((b ^ (b >>> 14)) >>> 0) / 4294967296
  }
}

/** Lets two writers append and kills both, at different moments; gives what was acknowledged. */
async function killTwoWriters(writers: readonly Writer[], random: () => number): Promise<readonly string[]> {
  for (const { child } of writers) await firstWord(child)
  for (const { child } of writers) {
    await delay(random() * 60)
    child.kill('SIGKILL')
  }
  return (await Promise.all(writers.map((writer) => writer.said))).flat()
}

test('keeps what was acknowledged when writers are killed in the middle of appends', async (t) => {
  const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000)
  const random = randomFrom(seed)
  let acknowledged = 0
  for (let trial = 0; trial < trials; trial += 1) {
    const why = `trial ${trial} of TANDEM_SEED=${seed}`
    await inFolder(async (folder, start) => {
      const said = await killTwoWriters([start('a', 1e9), start('b', 1e9)], random)
      acknowledged += said.length
      const store = await openStore(folder)
      await assertKept(store, said, why)
      await store.close()
    })
  }
  t.diagnostic(`TANDEM_SEED=${seed}: ${trials} trials, ${acknowledged} appends acknowledged, none lost`)
  assert.ok(acknowledged > trials)
})

test('chains the entries of several processes that start and append at once', () =>
  inFolder(async (folder, start) => {
    const writers = ['a', 'b', 'c'].map((name) => start(name, 60))
    const said = (await Promise.all(writers.map((writer) => writer.said))).flat()
    const store = await openStore(folder)
    await assertKept(store, said, 'three processes at once')
    assert.equal((await notesOf(store)).length, 3 * 15 * (1 + 2 + 3 + 4) * 2)
    assert.deepEqual(await store.ledger.changes({ target: null, before: null, limit: 9 }), ['c3', 'c2', 'c1'])
    await store.close()
  }))

test('hands over the lease of a killed process at once, without waiting for its silence', () =>
  inFolder(async (folder, start) => {
    const { child } = start('a', 1e9)
    await firstWord(child)
    const store = await openStore(folder)
    const me = thisProcess('hub')
    assert.deepEqual(await store.leases.orphans(Date.now()), [])
    assert.equal(await store.leases.takeOver('c1', me, Date.now()), null)
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.deepEqual(await store.leases.orphans(Date.now()), ['c1'])
    assert.equal((await store.leases.takeOver('c1', me, Date.now()))?.token, 2)
    await store.close()
  }))
