import { after, describe, test } from 'node:test'
import { endingCases } from './conformance-ending.ts'
import { inputCases } from './conformance-input.ts'
import { leaseCases } from './conformance-lease.ts'
import { leftoverCases } from './conformance-leftovers.ts'
import { lookCases } from './conformance-look.ts'
import { outputCases } from './conformance-output.ts'
import { pruneCases, sessionCases } from './conformance-session.ts'
import { type Case, openStage, type Stage, type World } from './conformance-stage.ts'

const cases = [
  ...outputCases,
  ...inputCases,
  ...endingCases,
  ...leftoverCases,
  ...leaseCases,
  ...sessionCases,
  ...lookCases,
]

/** What every remote must do. `makeWorld` is called once; nothing of it is left when the tests are over. */
export function remoteConformance(name: string, makeWorld: () => Promise<World>): void {
  let opened: Promise<Stage> | null = null
  const stage = (): Promise<Stage> => (opened ??= makeWorld().then(openStage))
  const play = ([claim, tryIt]: Case): void => void test(claim, async () => tryIt(await stage()))
  void describe(`a program on ${name}`, () => {
    after(async () => {
      const { remote, world } = await stage()
      await remote.close()
      await world.close()
    })
    void describe('at work', { concurrency: 4 }, () => cases.forEach(play))
    pruneCases.forEach(play)
  })
}
