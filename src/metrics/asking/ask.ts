import type { Described } from '../intake.ts'
import type { Answered, Asked } from '../metrics-side.ts'
import type { Asking, AskingNear } from '../promql/engine.ts'
import { failure, plainFailure } from './envelope.ts'
import { federate } from './federate.ts'
import { metadata } from './metadata.ts'
import { exemplars, formatted, instant, range } from './query.ts'
import { type FindSeries, labelNames, labelValues, seriesIn } from './series.ts'

/** What questions are answered from. */
export type Known = Readonly<{
  asking: Asking & AskingNear
  find: FindSeries
  descriptions: ReadonlyMap<string, Described>
  nowMs: number
}>

/** Answers a question of the HTTP API of Prometheus; also that it has no answer. */
export async function answer(asked: Asked, known: Known): Promise<Answered> {
  try {
    return await answerTo(asked, known)
  } catch (thrown) {
    return asked.route === 'federate' || asked.route === 'read' ? plainFailure(thrown) : failure(thrown)
  }
}

/** Answers a query at once; null for questions of other kinds, which may have to wait for something. */
export function answerAtOnce({ route, params }: Asked, { asking, nowMs }: Known): Answered | null {
  try {
    if (route === 'query') return instant(new URLSearchParams(params), asking, nowMs)
    return route === 'query_range' ? range(new URLSearchParams(params), asking) : null
  } catch (thrown) {
    return failure(thrown)
  }
}

function answerTo(asked: Asked, { asking, find, descriptions, nowMs }: Known): Answered | Promise<Answered> {
  const params = new URLSearchParams(asked.params)
  switch (asked.route) {
    case 'query':
      return instant(params, asking, nowMs)
    case 'query_range':
      return range(params, asking)
    case 'query_exemplars':
      return exemplars(params)
    case 'format_query':
      return formatted(params)
    case 'series':
      return seriesIn(params, find)
    case 'labels':
      return labelNames(params, find)
    case 'label_values':
      return labelValues(params, asked.name, find)
    case 'metadata':
      return metadata(params, descriptions)
    case 'federate':
      return federate(params, asking, nowMs)
    case 'read':
      return read(asked.body ?? new Uint8Array(), asking)
  }
}

/** Most hubs are never asked by another engine. */
async function read(body: Uint8Array, asking: Asking): Promise<Answered> {
  const { readRemotely } = await import('./remote-read/remote-read.ts')
  return readRemotely(body, asking)
}
