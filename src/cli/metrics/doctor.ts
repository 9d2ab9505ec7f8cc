import type { FarReport } from '../../api/wire/far.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { usage } from '../args.ts'
import { type Command, hubOptions } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'

export const command: Command = {
  usage: ['doctor metrics'],
  about:
    'Says how it stands with the engine of metrics beyond this machine: what waits for it and what was lost, and where it ' +
    'answers otherwise than Prometheus would. It is asked queries over your own series, and so is what is kept here.',
  options: hubOptions,
  most: 1,
  run: (args, world) => {
    const [what = ''] = args.words
    if (what !== 'metrics') throw usage('doctor of what?', 'write `tandem doctor metrics`')
    return withHub(args, world, async ({ client }) => {
      const report = await client.call('GET /api/metrics/far')
      const lines = args.has('json') ? [JSON.stringify(report)] : farText(report, paintFor(world.screen()))
      world.out(lines.join('\n'))
      return isWell(report) ? 0 : 1
    })
  },
}

type Sending = NonNullable<FarReport['sending']>
type Compared = NonNullable<FarReport['compared']>

export function farText({ sending, compared }: FarReport, paint: Paint): readonly string[] {
  const parts = [
    ...(sending === null ? [] : [sendingText(sending, paint)]),
    ...(compared === null ? [] : [comparedText(compared, paint)]),
  ]
  return parts.flatMap((part, at) => (at === 0 ? part : ['', ...part]))
}

/** Whether nobody has anything to do. */
function isWell({ sending, compared }: FarReport): boolean {
  const isSending = sending === null || (sending.trouble === null && lostOf(sending) === 0)
  return isSending && (compared?.differences ?? []).length === 0
}

function sendingText(sending: Sending, paint: Paint): readonly string[] {
  const { url, queue, queueBytes, sent, trouble, refusal, refused, lost } = sending
  const share = `${Math.ceil((100 * queue.bytes) / queueBytes)} % of the queue`
  const reasons = Object.entries({ ...lost, refused }).filter(([, samples]) => samples > 0)
  const why = reasons.map(([reason, samples]) => `${counted(samples)} ${reason}`).join(', ')
  return [
    `written to  ${tame(url)}`,
    `sent        ${counted(sent)} samples`,
    `waiting     ${counted(queue.samples)} samples, ${share}`,
    lostOf(sending) === 0 ? `lost        ${paint.good('nothing')}` : `lost        ${paint.bad(why)}`,
    ...(trouble === null ? [] : [`trouble     ${paint.bad(tame(trouble))}`]),
    ...(refusal === null ? [] : [`refused     ${paint.care(tame(refusal))}`]),
  ]
}

function comparedText(compared: Compared, paint: Paint): readonly string[] {
  const { url, same, differences, fromMs, toMs } = compared
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(11, 16))
  const asked = same + differences.length
  const head = [
    `read from   ${tame(url)}`,
    `asked       ${asked} queries over ${from}–${to} UTC, here and there`,
  ]
  if (differences.length === 0) return [...head, `same        ${paint.good('all')}`]
  return [
    ...head,
    `same        ${same}`,
    `otherwise   ${paint.care(String(differences.length))}`,
    ...differences.flatMap(({ query, what }) => ['', paint.bold(tame(query)), `  ${tame(what)}`]),
  ]
}

function lostOf({ lost, refused }: Sending): number {
  return Object.values(lost).reduce((sum, samples) => sum + samples, refused)
}

function counted(samples: number): string {
  return samples.toLocaleString('en-US')
}
