import type { SlotName, Slots } from './slots.ts'
import { countAnswer, enter, leave, newTally, type Tally } from './tally.ts'

export type FrontSettings = Readonly<{
  name: string
  port: number
  ports: Readonly<Record<SlotName, number>>
  /** Paths: the socket that takes orders, and the file that remembers them. */
  socket: string
  state: string
}>

/** What everything that passes through a front shares. */
export type Front = Readonly<{
  settings: FrontSettings
  slots: Slots
  tallies: Readonly<Record<SlotName | 'frontend' | 'backend', Tally>>
  isStopping: () => boolean
}>

export const newTallies = (): Front['tallies'] => ({
  frontend: newTally(),
  backend: newTally(),
  a: newTally(),
  b: newTally(),
})

/** One request on its way, as far as it is counted. */
export type Exchange = Readonly<{
  take: (slot: SlotName) => void
  retried: () => void
  connected: () => void
  /** The slot answered. */
  answered: (status: number) => void
  /** We answered in its place. */
  answeredHere: (status: number) => void
  refused: () => void
  lost: () => void
  cut: () => void
  end: (isClientGone: boolean) => void
}>

export function startExchange({ tallies }: Front): Exchange {
  const beganMs = performance.now()
  let connectedMs = beganMs
  let slot: SlotName | null = null
  const both = (count: (tally: Tally) => void): void => {
    if (slot !== null) count(tallies[slot])
    count(tallies.backend)
  }
  enter(tallies.backend)
  return {
    take: (next) => {
      if (slot === next) return
      if (slot !== null) leave(tallies[slot])
      slot = next
      enter(tallies[next])
    },
    retried: () => both((tally) => (tally.retries += 1)),
    connected: () => {
      connectedMs = performance.now()
      both((tally) => tally.connectMs.add(connectedMs - beganMs))
    },
    answered: (status) => {
      const answerMs = performance.now() - connectedMs
      both((tally) => {
        countAnswer(tally, status)
        tally.answerMs.add(answerMs)
      })
      countAnswer(tallies.frontend, status)
    },
    answeredHere: (status) => {
      countAnswer(tallies.backend, status)
      countAnswer(tallies.frontend, status)
    },
    refused: () => both((tally) => (tally.refused += 1)),
    lost: () => both((tally) => (tally.lost += 1)),
    cut: () => both((tally) => (tally.serverAborts += 1)),
    end: (isClientGone) => {
      const totalMs = performance.now() - beganMs
      both((tally) => {
        leave(tally)
        tally.totalMs.add(totalMs)
        if (isClientGone) tally.clientAborts += 1
      })
    },
  }
}
