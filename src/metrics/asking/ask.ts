import type { Answered, Asked } from '../metrics-side.ts'
import type { Asking } from '../promql/engine.ts'
import { failure } from './envelope.ts'
import { instant, range } from './query.ts'

/** Answers a question of the HTTP API of Prometheus; also that it has no answer. */
export async function answer(asked: Asked, asking: Asking, nowMs: number): Promise<Answered> {
  try {
    return await answerTo(asked, asking, nowMs)
  } catch (thrown) {
    return failure(thrown)
  }
}

function answerTo(asked: Asked, asking: Asking, nowMs: number): Promise<Answered> {
  const params = new URLSearchParams(asked.params)
  switch (asked.route) {
    case 'query':
      return instant(params, asking, nowMs)
    case 'query_range':
      return range(params, asking)
  }
}
