import { renameSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { troubleOf, TroubleError } from '../../change/trouble.ts'
import { openRemote } from '../../remote/open.ts'
import type { Carried, Verdict } from './carried.ts'
import { carry } from './carry.ts'

/** The process that carries one job to a build host. It gets its order on its standard input, because it holds secrets. */
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
// Without its supervisor nobody wants what the job does.
process.stdout.on('error', () => stop.abort())
const supervisor = process.ppid
setInterval(() => process.ppid === supervisor || stop.abort(), 2_000).unref()
const carried = JSON.parse(await text(process.stdin)) as Carried
const remote = openRemote({
  stateDir: carried.stateDir,
  sudoPassword: async ({ name }) => {
    throw new TroubleError({
      what: `sudo on ${name} asks for a password, and a job has nobody to type it`,
      host: name,
      now: 'let this user have sudo without one, or name another host in `on`',
    })
  },
})
const print = (line: string): void => void process.stdout.write(`${line}\n`)
const verdict = await carry(carried, { remote, print, stopped: stop.signal }).catch(
  (thrown: unknown): Verdict => ({ why: 'not started', code: null, said: troubleOf(thrown).what }),
)
writeFileSync(`${carried.verdict}.part`, JSON.stringify(verdict), { mode: 0o600 })
renameSync(`${carried.verdict}.part`, carried.verdict)
await remote.close()
process.exit(verdict.code ?? 1)
