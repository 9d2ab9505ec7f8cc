import { connect, type LiveFlags } from '../../sdk/server/connect.ts'

export const flagKey = 'knob'

/** What the code says by itself, and no flag ever does. */
const own = -1
const lookEveryMs = 2

export type Program = Readonly<{
  /** What it gets now. */
  value: () => number
  state: () => ReturnType<LiveFlags['status']>['state']
  close: () => Promise<void>
}>

/** Where a program finds its hub and its file, and whom it tells of a default that was wrong: flags were known to it. */
export type ProgramOptions = Readonly<{
  hub: string
  key: string
  file: string
  waitMs: number
  wrongDefault: () => void
}>

/** A program of the team that asks for one flag again and again, and keeps the last known flags in a file. */
export async function startProgram({ wrongDefault, ...options }: ProgramOptions): Promise<Program> {
  const flags = await connect({ ...options, onTrouble: () => {} })
  let isKnown = false
  const value = (): number => flags.number(flagKey, own)
  const look = (): void => {
    const given = value()
    if (given === own && isKnown) wrongDefault()
    if (given !== own) isKnown = true
  }
  look()
  const looking = setInterval(look, lookEveryMs)
  return {
    value,
    state: () => flags.status().state,
    close: async () => {
      clearInterval(looking)
      await flags.close()
    },
  }
}
