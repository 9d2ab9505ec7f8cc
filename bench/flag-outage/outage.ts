import { readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cable } from '../../lab/cable.ts'
import type { Random } from '../../lab/random.ts'
import type { Flag } from '../../sdk/flag/flag.ts'
import { type FlagHub, written } from '../flip/flag-hub.ts'
import { flagKey, type Program, startProgram } from './program.ts'

export const sorts = ['killed hub', 'cut stream', 'truncated file', 'slow start'] as const
export type Sort = (typeof sorts)[number]

/** What came of a round: wrong defaults, and how long programs were stale once the hub was there again. */
export type Round = Readonly<{ sort: Sort; wrongDefaults: number; staleSeconds: readonly number[] }>

export type Scene = {
  readonly hub: FlagHub
  readonly cable: Cable
  readonly folder: string
  readonly random: Random
  readonly programs: Program[]
  /** What everybody should get. */
  value: number
  /** How often somebody was given a default that was wrong. */
  wrong: number
}

const freshLimitMs = 30_000

export const knob = (value: number): Flag => ({
  type: 'number',
  on: true,
  variants: { now: value },
  default: 'now',
  off: 'now',
})

const fileOf = ({ folder }: Scene, nth: number): string => join(folder, `flags-${nth}.json`)

export async function playRound(scene: Scene, sort: Sort): Promise<Round> {
  const before = scene.wrong
  const staleSeconds = await plays[sort](scene)
  return { sort, wrongDefaults: scene.wrong - before, staleSeconds }
}

const plays: Readonly<Record<Sort, (scene: Scene) => Promise<readonly number[]>>> = {
  'killed hub': async (scene) => {
    await scene.hub.process.kill()
    await pause(scene.random.between(0, 500))
    await scene.hub.process.start()
    return freshAfterFlip(scene)
  },
  // While a flip is on its way: what was cut midway was not said.
  'cut stream': async (scene) => {
    const flipping = flip(scene)
    await pause(scene.random.between(0, 40))
    scene.cable.reset()
    if (scene.random.next() < 0.5) {
      scene.cable.cut()
      await pause(scene.random.between(50, 1000))
      scene.cable.mend()
    }
    const back = performance.now()
    await flipping
    return fresh(scene, back)
  },
  'truncated file': async (scene) => {
    const nth = await endOne(scene)
    const file = fileOf(scene, nth)
    const { length } = await readFile(file)
    await truncate(file, scene.random.between(0, length - 1))
    const began = performance.now()
    // With the hub there a damaged file is no reason for a default either.
    await startOne(scene, nth, 10_000)
    return fresh(scene, began)
  },
  'slow start': async (scene) => {
    const nth = await endOne(scene)
    await scene.hub.process.kill()
    await startOne(scene, nth, 300)
    await scene.hub.process.start()
    return freshAfterFlip(scene)
  },
}

/** Starts a program, which must have what everybody should get as soon as it has begun. */
export async function startOne(scene: Scene, nth: number, waitMs: number): Promise<void> {
  const { cable, hub } = scene
  const wrongDefault = (): void => void (scene.wrong += 1)
  const program = await startProgram({
    hub: `http://${cable.host}:${cable.port}`,
    key: hub.key,
    file: fileOf(scene, nth),
    waitMs,
    wrongDefault,
  })
  if (program.value() !== scene.value) wrongDefault()
  scene.programs[nth] = program
}

async function endOne({ programs, random }: Scene): Promise<number> {
  const nth = random.between(0, programs.length - 1)
  await programs[nth]?.close()
  return nth
}

async function flip(scene: Scene): Promise<void> {
  scene.value += 1
  await scene.hub.flip(written({ flag: flagKey, to: knob(scene.value) }))
}

async function freshAfterFlip(scene: Scene): Promise<readonly number[]> {
  const back = performance.now()
  await flip(scene)
  return fresh(scene, back)
}

/** How long each program took from then on until it was live and had what everybody should get. */
async function fresh({ programs, value }: Scene, since: number): Promise<readonly number[]> {
  return Promise.all(
    programs.map(async (program) => {
      while (program.value() !== value || program.state() !== 'live') {
        if (performance.now() - since > freshLimitMs) break
        await pause(2)
      }
      return (performance.now() - since) / 1000
    }),
  )
}
