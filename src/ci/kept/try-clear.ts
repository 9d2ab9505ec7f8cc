import { clearOut, storedIn } from './clear-out.ts'

/** Clears a folder out, again and again until it is killed: what a test kills. All but the releases named go. */
const [dir = '', ...needed] = process.argv.slice(2)
const isNeeded = (release: string): boolean => needed.includes(release)
process.send?.('ready')
for (;;) {
  const { stored } = await storedIn(dir)
  const going = stored.map(({ release }) => release).filter((release) => !isNeeded(release))
  // As if an hour went by between one round and the next.
  await clearOut(dir, going, { isNeeded, now: Date.now() })
  await clearOut(dir, [], { isNeeded, now: Date.now() + 2 * 3_600_000 })
}
