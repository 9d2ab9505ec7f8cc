import { type Answer, refusedText, told, unless } from './answer.ts'
import type { IntakeDoor } from './intake-door.ts'

const mib = 2 ** 20

/** `curl -d 'signups 3'`: lines that anybody can write. */
export const pushDoor: IntakeDoor = {
  paths: ['/push'],
  limitBytes: mib,
  labelsInAddress: true,
  protocolOf: () => 'push',
  answer: (_, receipt) => {
    if (receipt.type !== 'taken') return unless(receipt)
    return quiet(refusedText(receipt))
  },
}

/** What plugins of Nagios print, as they print it. */
export const perfdataDoor: IntakeDoor = {
  ...pushDoor,
  paths: ['/push/perfdata'],
  protocolOf: () => 'perfdata',
}

/** Who is done says nothing, as good commands do. */
function quiet(refused: string | null): Answer {
  return refused === null ? { status: 204, headers: {}, body: '' } : told(400, refused)
}
