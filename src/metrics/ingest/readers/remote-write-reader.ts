import { labelsOf } from '../../labels.ts'
import type { TakenCount } from '../../metrics-side.ts'
import type { MakeReader } from '../../thread/protocols.ts'
import { inflate } from '../inflate.ts'
import { RemoteWrite2 } from '../remote-write/remote-write-2.ts'
import { RemoteWrite } from '../remote-write/remote-write.ts'
import type { WriteOptions } from '../remote-write/written-series.ts'
import { Unsnapper } from '../snappy/decompress.ts'
import { usualLimits } from './limits.ts'
import { remembered } from './remembered.ts'

/** Remote write 1.0 as parcels bring it. Who does not say how the body is packed means snappy. */
export const remoteWriteReader: MakeReader = (intake) =>
  readerBy((options) => new RemoteWrite(intake, options))

/** The same of 2.0. */
export const remoteWrite2Reader: MakeReader = (intake) =>
  readerBy((options) => new RemoteWrite2(intake, options))

type Requests = Readonly<{ read: (body: Uint8Array) => TakenCount }>

function readerBy(make: (options: WriteOptions) => Requests): ReturnType<MakeReader> {
  const senders = remembered(usualLimits.senders, (key) => {
    const [, labels] = JSON.parse(key) as [string, Record<string, string>]
    return make({ labels: labelsOf(labels), limits: usualLimits.labels })
  })
  const unsnapper = new Unsnapper()
  const limitBytes = usualLimits.remoteWriteBytes
  return ({ body, contentEncoding, sender, labels }) => {
    const encoding = contentEncoding === '' ? 'snappy' : contentEncoding
    const content = inflate(body, encoding, { limitBytes, unsnapper })
    return senders(JSON.stringify([sender, labels])).read(content)
  }
}
