import { labelsOf } from '../../labels.ts'
import type { MakeReader } from '../../thread/protocols.ts'
import { inflate } from '../inflate.ts'
import { Otlp } from '../otlp/otlp.ts'
import { readOtlpJson } from '../otlp/read-json.ts'
import { readOtlpProtobuf } from '../otlp/read-protobuf.ts'
import { usualLimits } from './limits.ts'
import { remembered } from './remembered.ts'

/** OTLP over HTTP: protocol buffers, or JSON where the content type says so. */
export const otlpReader: MakeReader = (intake) => {
  const takers = remembered(usualLimits.senders, (key) => {
    const [, labels] = JSON.parse(key) as [string, Record<string, string>]
    return new Otlp(intake, { labels: labelsOf(labels), limits: usualLimits.labels })
  })
  return ({ body, contentType, contentEncoding, sender, labels, atMs }) => {
    const content = inflate(body, contentEncoding, { limitBytes: usualLimits.otlpBytes })
    const batches = /^\s*application\/json\b/i.test(contentType)
      ? readOtlpJson(content)
      : readOtlpProtobuf(content)
    return takers(JSON.stringify([sender, labels])).take(batches, atMs)
  }
}
