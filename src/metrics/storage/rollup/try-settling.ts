import { SampleStore } from '../sample-store.ts'

/** Puts a store in order again and again, until somebody kills it: `try-settling.ts FOLDER NOW`. */
const [folder = '', now = ''] = process.argv.slice(2)
const store = new SampleStore({
  folder,
  now: () => Number(now),
  seriesLimit: 1000,
  seriesOfNameLimit: 1000,
  keptMs: 30 * 86_400_000,
})
process.stdout.write('ready\n')
for (;;) await store.settle()
