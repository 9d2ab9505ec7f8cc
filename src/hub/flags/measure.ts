import type { MetricsSide } from '../../metrics/metrics-side.ts'
import { TroubleError } from '../../change/trouble.ts'

const longestMs = 10_000

type Answer = Readonly<{ data?: Readonly<{ resultType: string; result: unknown }> }>
type Sample = readonly [number, string]

/** The one number that a query answers with now; null where it answers with none or many, or not in time. */
export async function measure({ ask }: Pick<MetricsSide, 'ask'>, query: string): Promise<number | null> {
  const params = new URLSearchParams({ query }).toString()
  const signal = AbortSignal.timeout(longestMs)
  const answered = await ask({ route: 'query', name: '', params }, signal).catch(unlessTrouble)
  if (answered === null || answered.status !== 200) return null
  const { data } = JSON.parse(Buffer.from(answered.body).toString()) as Answer
  const number = data?.resultType === 'scalar' ? (data.result as Sample)[1] : onlyOne(data)
  return number !== null && Number.isFinite(Number(number)) ? Number(number) : null
}

function onlyOne(data: Answer['data']): string | null {
  if (data?.resultType !== 'vector') return null
  const [first, second] = data.result as readonly Readonly<{ value?: Sample }>[]
  return second === undefined ? (first?.value?.[1] ?? null) : null
}

/** While there is no engine nothing is known. */
function unlessTrouble(thrown: unknown): null {
  if (thrown instanceof TroubleError) return null
  throw thrown
}
