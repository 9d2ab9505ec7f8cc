import type { MakeReader } from '../../thread/protocols.ts'
import { labelsOf } from '../../labels.ts'
import { inflate } from '../inflate.ts'
import { Unsnapper } from '../snappy/decompress.ts'
import { RemoteWrite } from '../remote-write/remote-write.ts'
import { usualLimits } from './limits.ts'
import { remembered } from './remembered.ts'

/** Remote write as parcels bring it. Who does not say how the body is packed means snappy. */
export const remoteWriteReader: MakeReader = (intake) => {
  const writers = remembered(usualLimits.senders, (key) => {
    const [, labels] = JSON.parse(key) as [string, Record<string, string>]
    return new RemoteWrite(intake, { labels: labelsOf(labels), limits: usualLimits.labels })
  })
  const unsnapper = new Unsnapper()
  const limitBytes = usualLimits.remoteWriteBytes
  return ({ body, contentEncoding, sender, labels }) => {
    const encoding = contentEncoding === '' ? 'snappy' : contentEncoding
    const content = inflate(body, encoding, { limitBytes, unsnapper })
    return writers(JSON.stringify([sender, labels])).read(content)
  }
}
