import { randomBytes } from 'node:crypto'
import { TroubleError } from '../../change/trouble.ts'
import type { HostAddress, Remote } from '../../remote/remote.ts'
import type { Deployment } from '../deployment.ts'
import { type Facts, readFacts } from './facts.ts'
import type { HostParts, Scripts } from '../program/host-parts.ts'
import { scriptOf } from '../program/host-script.ts'
import { type Talk, talk } from '../../remote/talk.ts'

const limitMs = 30_000
const tries = 4
const pauseMs = 1_500

const looking = { parts: ['facts.sh'], perl: [], setsUp: false, more: {} } as const

/** What looking at a host needs; nothing is changed there and no lease is asked for. */
export type Look = Readonly<{
  remote: Remote
  scripts: Scripts
  deployment: Deployment
  say: (text: string) => void
}>

/**
 * The facts of a host; `null` when it cannot be reached. A session that is lost on the way is begun anew. Throws a
 * TroubleError for a host that refuses us.
 */
export async function lookAt(look: Look, host: HostAddress): Promise<Facts | null> {
  for (let nth = 1; ; nth++) {
    const talking = lookOnce(look, host)
    try {
      await talking.until('end')
      return checked(readFacts(talking.told), host.name)
    } catch (thrown) {
      if (!(thrown instanceof TroubleError) || thrown.trouble.lost !== true) throw thrown
      if (talking.told.length === 0 || nth === tries) return null
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

function lookOnce({ remote, scripts, deployment, say }: Look, host: HostAddress): Talk {
  const mark = randomBytes(4).toString('hex')
  const parts: HostParts = {
    scripts,
    host,
    deployment,
    wish: { slot: 'a', oldSlot: null, base: null, isWarm: false },
    mark,
    change: '-',
    token: 0,
  }
  const id = `look-${randomBytes(6).toString('hex')}`
  const program = {
    id,
    script: scriptOf(parts, looking),
    frames: [],
    limitMs,
    secrets: [],
    leavesNothing: true,
  }
  return talk({
    host: host.name,
    what: 'looking',
    mark,
    run: remote.look(host, program),
    reattach: null,
    say,
    heard: () => {},
  })
}

function checked(facts: Facts, host: string): Facts {
  const missing = facts.missing.filter((what) => what !== 'haproxy')
  if (missing.length === 0) return facts
  throw new TroubleError({
    what: `${host} lacks ${missing.join(' and ')}`,
    host,
    now: `install it there: apt-get install ${missing.join(' ')}`,
  })
}
