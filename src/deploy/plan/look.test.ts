import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Ending, Remote, Run } from '../../remote/remote.ts'
import { readScripts } from '../program/host-parts.ts'
import { lookAt } from './look.ts'
import { tryDeployment } from '../try-deployment.ts'

const host = { name: 'h1', via: { kind: 'local', root: '/nowhere' } } as const
const lost: Ending = { type: 'lost', why: 'the cable' }

type Act = Readonly<{ says: readonly string[]; ending: Ending }>

/** A remote whose looks play these acts, one after the other. */
function remoteOf(acts: readonly Act[]): Readonly<{ remote: Remote; looks: () => number }> {
  let looks = 0
  const never = (): Run => assert.fail('a look starts no program that stays')
  const remote: Remote = {
    start: never,
    attach: never,
    close: async () => {},
    look: (_, { script }) => {
      const act = acts[looks++] ?? assert.fail('it looked too often')
      const mark = /^MARK=(\w+)$/m.exec(script)?.[1]
      const lines = (async function* () {
        for (const word of act.says) yield `@${mark} ${word}`
      })()
      return { tell: () => {}, kill: () => {}, lines, ending: Promise.resolve(act.ending) }
    },
  }
  return { remote, looks: () => looks }
}

const look = async (remote: Remote) =>
  lookAt({ remote, scripts: await readScripts(), deployment: tryDeployment(), say: () => {} }, host)

describe('looking at a host', () => {
  test('is begun anew when its session is lost on the way, and nothing is heard twice', async () => {
    const half: Act = { says: ['live a'], ending: lost }
    const whole: Act = { says: ['live b', 'end'], ending: { type: 'exited', code: 0 } }
    const { remote, looks } = remoteOf([half, whole])
    const facts = await look(remote)
    assert.deepEqual([facts?.live, looks()], ['b', 2])
  })

  test('finds nothing on a host that never spoke, and does not try again', async () => {
    const { remote, looks } = remoteOf([{ says: [], ending: lost }])
    assert.deepEqual([await look(remote), looks()], [null, 1])
  })

  test('says what the host lacks', async () => {
    const says = ['missing perl', 'end']
    const { remote } = remoteOf([{ says, ending: { type: 'exited', code: 0 } }])
    await assert.rejects(look(remote), /h1 lacks perl/)
  })
})
