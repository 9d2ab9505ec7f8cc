import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export const slotNames = ['a', 'b'] as const
export type SlotName = (typeof slotNames)[number]

export const slotStates = ['ready', 'drain', 'maint'] as const
/** `ready` gets requests, `drain` gets none but keeps those it has, `maint` is out of use. */
export type SlotState = (typeof slotStates)[number]

export type Slots = Readonly<{
  stateOf: (slot: SlotName) => SlotState
  changedAtMs: (slot: SlotName) => number
  /** In force when it returns, and found again after a crash. Throws when it can be written nowhere. */
  set: (slot: SlotName, state: SlotState) => void
  /** The slot whose turn it is among those that are ready; `null` when none is. */
  pick: () => SlotName | null
}>

/** The two slots as the state file left them; both out of use when there is no such file. */
export function openSlots(file: string): Slots {
  let states = readStates(file)
  const changed = { a: Date.now(), b: Date.now() }
  let turn = 0
  return {
    stateOf: (slot) => states[slot],
    changedAtMs: (slot) => changed[slot],
    set: (slot, state) => {
      if (states[slot] === state) return
      const next = { ...states, [slot]: state }
      save(file, next)
      states = next
      changed[slot] = Date.now()
    },
    pick: () => {
      const ready = slotNames.filter((slot) => states[slot] === 'ready')
      turn += 1
      return ready[turn % ready.length] ?? null
    },
  }
}

type States = Readonly<Record<SlotName, SlotState>>

function readStates(file: string): States {
  const text = readOrEmpty(file)
  if (text === '') return { a: 'maint', b: 'maint' }
  const words = text.trim().split(/\s+/)
  const [a, b] = words.map((word) => slotStates.find((state) => state === word))
  if (words.length === 2 && a !== undefined && b !== undefined) return { a, b }
  throw new Error(
    `${file} does not say which slot is live: write \`ready maint\` or \`maint ready\` into it, or delete it and deploy again`,
  )
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return ''
    throw thrown
  }
}

function save(file: string, { a, b }: States): void {
  // Both texts have one length, so that the second way below needs no new block.
  const text = `${a.padEnd(5)} ${b.padEnd(5)}\n`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeThrough(`${file}.new`, 'w', text)
    renameSync(`${file}.new`, file)
  } catch {
    // A full disk must not keep a bad release live: the old file is written over in place.
    writeThrough(file, 'r+', text)
  }
}

function writeThrough(file: string, flags: 'w' | 'r+', text: string): void {
  const opened = openSync(file, flags, 0o600)
  try {
    writeSync(opened, text, 0)
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
