import type { Trouble } from '../../change/trouble.ts'
import type { Receipt, TakenCount } from '../../metrics/metrics-side.ts'

/** What a sender is told. */
export type Answer = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  body: string | Uint8Array
}>

const retrySeconds = 5

/** Says something in words. Who is to come again later is told when. */
export function told(status: number, text: string): Answer {
  const mayRetry = status === 429 || status === 503
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(mayRetry && { 'retry-after': String(retrySeconds) }),
    },
    body: `${text}\n`,
  }
}

export function troubleText({ what, now }: Trouble): string {
  return `${what}: ${now}`
}

/** Of everything that was not simply taken. */
export function unless(receipt: Exclude<Receipt, { type: 'taken' }>): Answer {
  if (receipt.type === 'later') return told(503, receipt.what)
  return told(receipt.isTooLong ? 413 : 400, receipt.what)
}

/** What was refused, in words; null when nothing was. */
export function refusedText({ samples, taken, refused }: TakenCount): string | null {
  const reasons = Object.entries(refused).map(([why, count]) => `${count} ${why}`)
  if (reasons.length === 0) return null
  return `${samples - taken} of ${samples} samples were not taken: ${reasons.join(', ')}`
}
