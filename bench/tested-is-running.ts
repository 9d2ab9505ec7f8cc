import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { hostTries, hubTries, mustTake } from './tested/tries.ts'
import { openWorks } from './tested/works.ts'

/** Tries to get something live that was not tested, in every way that we know; each way as often as the others. */
async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { tries: 500, seed: 0 })
  const random = sourceOf(asked.seed)
  const works = await openWorks()
  const counts = new Map<string, Readonly<{ tries: number; accepted: number }>>()
  try {
    await mustTake(works)
    let hosts = 0
    const all = [...hubTries(works, random), ...hostTries(works, random, () => ++hosts)]
    for (let nth = 0; nth < asked.tries; nth += 1) {
      const one = all[nth % all.length]
      if (one === undefined) throw new Error('there is nothing to try')
      const { tries, accepted } = counts.get(one.name) ?? { tries: 0, accepted: 0 }
      const taken = (await one.taken()) ? 1 : 0
      counts.set(one.name, { tries: tries + 1, accepted: accepted + taken })
    }
    // Whatever was tried is put back: what was tested must still be taken.
    await mustTake(works)
  } finally {
    await works.close()
  }
  const rows = [...counts].map(([name, { tries, accepted }]) => [name, tries, accepted] as const)
  console.log(table([['what was tried', 'tries', 'accepted'], ...rows]))
  console.log(load())
  const accepted = rows.reduce((sum, [, , count]) => sum + count, 0)
  console.log(JSON.stringify({ tries: asked.tries, accepted }))
  if (accepted > 0) process.exitCode = 1
}

if (import.meta.main) await main()
