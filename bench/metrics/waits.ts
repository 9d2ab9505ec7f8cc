import { watchApi } from '../lib/api-times.ts'
import { rounded } from '../lib/figures.ts'
import { startTandem } from './keepers.ts'
import type { Made } from './made-samples.ts'
import { ingest } from './work.ts'

/** What others wait while samples come as fast as they are taken: milliseconds that 99 of 100 calls do not exceed. */
export type Waits = Readonly<{ api_p99_ms: number; query_p99_ms: number }>

/** An hour of one series, at its beginning: it grows while it is asked for. */
const hourS = 3600

export async function measureWaits({ packed, fromMs }: Made): Promise<Waits> {
  const keeper = await startTandem()
  const token = (keeper.headers['authorization'] ?? '').replace('Bearer ', '')
  const door = { url: keeper.address, token }
  const query = 'made_load{job="job-1",instance="host-7.example.org:9100"}'
  const [start, end] = [fromMs / 1000, fromMs / 1000 + hourS]
  const params = new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: '15' })
  try {
    const watching = [watchApi(door), watchApi(door, `/api/v1/query_range?${params.toString()}`)]
    await ingest(keeper, packed)
    const [api, asked] = await Promise.all(watching.map(({ stop }) => stop()))
    console.log(`while samples come, ${api?.told}\nand for one series, ${asked?.told}`)
    return {
      api_p99_ms: rounded(api?.p99 ?? Number.NaN, 1),
      query_p99_ms: rounded(asked?.p99 ?? Number.NaN, 1),
    }
  } finally {
    await keeper.close()
  }
}
