import { createHash } from 'node:crypto'
import { sh } from '../../remote/quote.ts'
import type { HostAddress } from '../../remote/remote.ts'
import { type Deployment, slotPorts } from '../deployment.ts'
import { frontBoot, frontGlobal, frontOf, frontSocket, frontUnit } from './haproxy.ts'
import { isLocal, placeIn, rootOf } from './host-parts.ts'

export type Front = Readonly<{ kind: 'haproxy' | 'local' | 'none'; socket: string }>

/** Which front holds the connections of an app on a host, and where it listens for orders. */
export function frontKind(host: HostAddress, deployment: Deployment): Front {
  if (deployment.spec.front === 'none' || deployment.spec.port === null) return { kind: 'none', socket: '' }
  if (!isLocal(host)) return { kind: 'haproxy', socket: frontSocket }
  return { kind: 'local', socket: `${rootOf(host)}/front/${placeIn(deployment)}.sock` }
}

/** The texts that set the front up, by the shell variables that hold them. */
export function frontTexts(host: HostAddress, deployment: Deployment): Readonly<Record<string, string>> {
  switch (frontKind(host, deployment).kind) {
    case 'none':
      return {}
    case 'local':
      return { FRONT_RUN: localFront(host, deployment) }
    case 'haproxy':
      return {
        FRONT_GLOBAL: frontGlobal,
        FRONT_UNIT: frontUnit(rootOf(host)),
        FRONT_BOOT: frontBoot(rootOf(host)),
        FRONT_CFG: frontOf(placeIn(deployment), deployment.spec.port ?? 0),
      }
  }
}

/** Names the front's settings of an app on a host, so that a program sees whether they must be written again. */
export function frontHashOf(host: HostAddress, deployment: Deployment): string {
  const texts = Object.values(frontTexts(host, deployment))
  return texts.length === 0 ? '-' : digest(texts.join('\n'))
}

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

function localFront(host: HostAddress, deployment: Deployment): string {
  const place = placeIn(deployment)
  const port = deployment.spec.port ?? 0
  const ports = slotPorts(port)
  const program = new URL('../front/local-front.ts', import.meta.url).pathname
  const words = [process.execPath, program, '--name', place, '--port', port, '--a', ports.a, '--b', ports.b]
  const places = [
    '--socket',
    frontKind(host, deployment).socket,
    '--state',
    `${rootOf(host)}/front/${place}.state`,
  ]
  return `exec ${[...words, ...places].map((word) => sh(String(word))).join(' ')}`
}
