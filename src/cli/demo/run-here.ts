import { readFile } from 'node:fs/promises'
import { TroubleError } from '../../change/trouble.ts'
import type { Place } from './place.ts'

const limitMs = 60_000

/** Runs one of the programs beside this file on this machine. Words travel as files that are named for them. */
export async function runHere(
  place: Place,
  program: 'history' | 'start-again' | 'save',
  words: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const [{ openRemote }, { runToEnd }, script] = await Promise.all([
    import('../../remote/open.ts'),
    import('../../remote/run-to-end.ts'),
    readFile(new URL(`./${program}.sh`, import.meta.url), 'utf8'),
  ])
  const remote = openRemote({ stateDir: place.stateDir, sudoPassword: () => Promise.resolve('') })
  try {
    const { lines, ending } = await runToEnd(
      remote.start(place.host, {
        id: `demo-${program}-${process.pid}-${Math.floor(performance.now())}`,
        script,
        frames: Object.entries(words).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
        lease: null,
        limitMs,
        secrets: [],
      }),
    )
    if (ending.type === 'exited' && ending.code === 0) return lines
    throw new TroubleError({
      what: `the demo could not be set up (${program} ${ending.type === 'exited' ? `ended with ${ending.code}` : `is ${ending.type}`})`,
      where: place.shop,
      tail: lines.slice(-10),
      now: 'read its last lines; git and perl must be installed. then `npm start` again',
    })
  } finally {
    await remote.close()
  }
}
