import { writeRequest, type Outgoing } from '../../src/metrics/ingest/remote-write/write-request.ts'
import { compress } from '../../src/metrics/ingest/snappy/compress.ts'
import type { Written } from './written.ts'

const seriesInRequest = 200

/** Hands series over to a Prometheus, by its remote write protocol. */
export async function remoteWrite(address: string, series: readonly Written[]): Promise<void> {
  for (let at = 0; at < series.length; at += seriesInRequest) {
    const body = compress(writeRequest(series.slice(at, at + seriesInRequest).map(outgoing)))
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    }
    const answer = await fetch(`${address}/api/v1/write`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`the peer refused samples: ${answer.status} ${await answer.text()}`)
  }
}

function outgoing({ labels, samples }: Written): Outgoing {
  return {
    labels,
    times: samples.map(({ atMs }) => atMs),
    values: samples.map(({ value }) => (value === 'stale' ? 0 : value)),
    stale: [...samples.keys()].filter((at) => samples[at]?.value === 'stale'),
  }
}
