import type { Described } from '../intake.ts'
import type { Answered } from '../metrics-side.ts'
import { success } from './envelope.ts'
import { textJson } from './json.ts'
import { limitIn } from './series.ts'

/** What senders say of their metrics. */
export function metadata(params: URLSearchParams, descriptions: ReadonlyMap<string, Described>): Answered {
  const limit = limitIn(params)
  const metric = params.get('metric') ?? ''
  const one = descriptions.get(metric)
  const asked = metric === '' ? [...descriptions] : one === undefined ? [] : [[metric, one] as const]
  const shown = limit > 0 ? asked.slice(0, limit) : asked
  return success(`{${shown.map(([name, said]) => `${textJson(name)}:[${saidJson(said)}]`).join(',')}}`)
}

function saidJson({ type, help, unit }: Described): string {
  return `{"type":"${type}","help":${textJson(help)},"unit":${textJson(unit)}}`
}
