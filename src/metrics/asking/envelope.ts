import type { Answered } from '../metrics-side.ts'
import { QueryFailure } from '../promql/failure.ts'
import { AskFailure } from './failure.ts'
import { textJson } from './json.ts'
import { JsonBytes } from './json-bytes.ts'

const contentType = 'application/json'

const statuses: Readonly<Record<AskFailure['type'] | QueryFailure['type'], number>> = {
  bad_data: 400,
  not_found: 404,
  execution: 422,
  timeout: 503,
  canceled: 503,
  unavailable: 503,
}

/** An answer around JSON that is written already. */
export function success(json: string, warnings: readonly string[] = []): Answered {
  return successful((into) => into.text(json), warnings)
}

/** An answer around what is written then. */
export function successful(write: (into: JsonBytes) => void, warnings: readonly string[]): Answered {
  const told = warnings.length === 0 ? '' : `,"warnings":[${warnings.map(textJson).join(',')}]`
  const into = new JsonBytes()
  into.text('{"status":"success","data":')
  write(into)
  return { status: 200, contentType, body: into.text(`${told}}`).bytes() }
}

/** As `failure`, where answers are no JSON. */
export function plainFailure(thrown: unknown): Answered {
  const { status } = failure(thrown)
  const message = thrown instanceof Error ? thrown.message : ''
  return { status, contentType: 'text/plain; charset=utf-8', body: new TextEncoder().encode(`${message}\n`) }
}

/** What is said instead of an answer. Throws on what is a bug. */
export function failure(thrown: unknown): Answered {
  if (!(thrown instanceof AskFailure) && !(thrown instanceof QueryFailure)) throw thrown
  const { type, message } = thrown
  const body = `{"status":"error","errorType":"${type}","error":${textJson(message)}}`
  return { status: statuses[type], contentType, body: new TextEncoder().encode(body) }
}
