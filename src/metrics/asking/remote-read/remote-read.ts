import { putMessage, writeSeries } from '../../ingest/remote-write/write-request.ts'
import { compress } from '../../ingest/snappy/compress.ts'
import { Unsnapper } from '../../ingest/snappy/decompress.ts'
import { Unreadable } from '../../ingest/unreadable.ts'
import { compareLabels, type Labels } from '../../labels.ts'
import type { Answered } from '../../metrics-side.ts'
import { Budget } from '../../promql/evaluate/budget.ts'
import type { Asking } from '../../promql/engine.ts'
import type { Selection } from '../../source.ts'
import { ByteWriter } from '../../storage/codec/bytes.ts'
import { AskFailure } from '../failure.ts'
import { type ReadRequest, readRequest } from './read-request.ts'

/** What is asked for is short. */
const requestLimitBytes = 2 ** 20
/** More are not given in one answer, which has to be in memory. */
const samplesLimit = 5_000_000
/** The shape of an answer that is given here: samples, as remote write has them. */
const asSamples = 0

/** The samples that another engine asks for, as they are: it computes with them itself. */
export async function readRemotely(body: Uint8Array, asking: Asking): Promise<Answered> {
  const { queries, accepted } = requestIn(body)
  if (accepted.length > 0 && !accepted.includes(asSamples))
    throw new AskFailure('bad_data', 'none of the requested response types is given here; ask for SAMPLES')
  const budget = new Budget(asking.limits)
  const [into, result] = [new ByteWriter(16_384), new ByteWriter(16_384)]
  let left = samplesLimit
  for (const query of queries) {
    result.clear()
    left -= await answerQuery(query, asking, { into: result, budget, left })
    putMessage(into, 1, result)
  }
  return {
    status: 200,
    contentType: 'application/x-protobuf',
    contentEncoding: 'snappy',
    body: compress(into.bytes()),
  }
}

function requestIn(body: Uint8Array): ReadRequest {
  try {
    return readRequest(new Unsnapper().open(body, requestLimitBytes))
  } catch (thrown) {
    throw thrown instanceof Unreadable ? new AskFailure('bad_data', thrown.message) : thrown
  }
}

type Answering = Readonly<{ into: ByteWriter; budget: Budget; left: number }>

/** Writes the series of a query, sorted by their labels; gives back how many samples they have. */
async function answerQuery(
  query: Selection,
  { source }: Asking,
  { into, budget, left }: Answering,
): Promise<number> {
  const { runs } = await source.select(query)
  const [series, inner] = [new ByteWriter(), new ByteWriter()]
  const written: Readonly<{ labels: Labels; bytes: Uint8Array }>[] = []
  let samples = 0
  for (const run of runs) {
    if (run.times.length === 0) continue
    samples += run.times.length
    if (samples > left) throw new AskFailure('bad_data', `exceeded sample limit (${samplesLimit})`)
    budget.borrow(samples)
    series.clear()
    writeSeries(run, series, inner)
    written.push({ labels: run.labels, bytes: series.bytes().slice() })
  }
  for (const { bytes } of written.toSorted((a, b) => compareLabels(a.labels, b.labels))) {
    series.clear()
    series.put(bytes)
    putMessage(into, 1, series)
  }
  return samples
}
