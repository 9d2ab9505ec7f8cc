import type { Said } from '../join-labels.ts'
import { labelNameOf } from './names.ts'
import type { Attributes } from './model.ts'

/** What is said of who sends: labels of each series, and those of `target_info`; null where that has none. */
export type Sender = Readonly<{ labels: Said; info: Said | null }>

/** Attributes that become labels of each series, as we know them from elsewhere. */
const ours: readonly (readonly [key: string, label: string])[] = [
  ['host.name', 'host'],
  ['service.version', 'release'],
  ['deployment.environment', 'env'],
  ['deployment.environment.name', 'env'],
]
const identity: ReadonlySet<string> = new Set(['service.name', 'service.namespace', 'service.instance.id'])

export function senderOf(resource: Attributes): Sender {
  const service = resource.get('service.name') ?? ''
  const namespace = resource.get('service.namespace') ?? ''
  const labels = new Map<string, string>()
  const add = (name: string, value: string): void => void (value !== '' && labels.set(name, value))
  add('job', namespace === '' || service === '' ? service : `${namespace}/${service}`)
  add('instance', resource.get('service.instance.id') ?? '')
  const isKnown = labels.size > 0
  const rest = new Map([...resource].filter(([key]) => !identity.has(key)))
  const info = isKnown && rest.size > 0 ? new Map([...labelsOfAttributes(rest), ...labels]) : null
  for (const [key, label] of ours) add(label, resource.get(key) ?? '')
  return { labels, info }
}

/** Attributes as labels; where two have the same name, their values stand in one. */
export function labelsOfAttributes(attributes: Attributes): Map<string, string> {
  const labels = new Map<string, string>()
  for (const key of [...attributes.keys()].toSorted()) {
    const [name, value] = [labelNameOf(key), attributes.get(key) ?? '']
    const before = labels.get(name)
    labels.set(name, before === undefined ? value : `${before};${value}`)
  }
  return labels
}
