import { randomBytes } from 'node:crypto'
import { TroubleError } from '../../change/trouble.ts'
import type { Ending, HostAddress, Remote, Run } from '../../remote/remote.ts'

/** A probe of a thousand resources is some 5,000 lines; what is longer is no probe. */
const mostLines = 200_000

/** A program that only looks, and the values that nobody may see in what it prints. */
export type Looking = Readonly<{
  script: string
  frames: readonly Readonly<{ name: string; bytes: Uint8Array }>[]
  secrets: readonly string[]
  limitMs: number
  /** All that it starts ends before it does. */
  leavesNothing: boolean
}>

/** What a program printed that only looked; `away` when its host could not be heard. */
export type Looked = Readonly<{ type: 'lines'; lines: readonly string[] } | { type: 'away'; why: string }>

/** Runs a program on a host that changes nothing there. Throws a TroubleError when the host refuses or the program fails. */
export async function lookAt(remote: Remote, host: HostAddress, looking: Looking): Promise<Looked> {
  const id = `look-${randomBytes(6).toString('hex')}`
  const run = remote.look(host, { id, ...looking })
  try {
    const lines = await linesOf(run, host.name)
    const ending = await run.ending
    return ending.type === 'lost'
      ? { type: 'away', why: ending.why }
      : { type: 'lines', lines: judged(lines, ending, host.name) }
  } catch (thrown) {
    if (thrown instanceof TroubleError && thrown.trouble.lost === true) {
      return { type: 'away', why: thrown.trouble.what }
    }
    throw thrown
  }
}

async function linesOf(run: Run, host: string): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of run.lines) {
    lines.push(line)
    if (lines.length <= mostLines) continue
    run.kill()
    throw new TroubleError({
      what: `${host} answered with more than ${mostLines} lines`,
      host,
      now: 'look at what its shell prints at login',
    })
  }
  return lines
}

function judged(
  lines: readonly string[],
  ending: Exclude<Ending, { type: 'lost' }>,
  host: string,
): readonly string[] {
  if (ending.type === 'exited' && ending.code === 0) return lines
  const how = ending.type === 'exited' ? `ended with ${ending.code}` : 'took too long and was ended'
  throw new TroubleError({
    what: `looking at ${host} ${how}`,
    host,
    ...(ending.type === 'exited' ? { exit: ending.code } : {}),
    tail: lines.slice(-15),
    now: 'see its last lines; look again when that is mended',
  })
}
