import type { Json } from '../../change/json.ts'
import type { Said } from '../../config/reading/said.ts'
import { lowerAll } from './lower.ts'
import { readSaid } from './read.ts'
import type { HostView, Lowered } from './resource.ts'

export type Call = readonly [type: string, name: Json, options?: Json]

/** For tests: what a recipe said, each call in a line of its own. */
export function saying(...calls: readonly Call[]): readonly Said[] {
  return calls.map(([type, name, options = {}], number) => ({
    number,
    type,
    name,
    options,
    at: { file: 'tandem.ts', line: number + 1, column: 3 },
  }))
}

/** How a call names another: by the number of its line. */
export const line = (number: number): Json => ({ resource: number - 1 })

export const anyHost: HostView = {
  name: 'web1',
  roles: ['web'],
  vars: {},
  facts: {
    os: 'debian',
    version: '12',
    codename: 'bookworm',
    arch: 'amd64',
    kernel: '6.1.0-13-amd64',
    hostname: 'web1',
    cpus: 2,
    memoryMb: 2048,
    addresses: ['10.0.0.1'],
    init: 'systemd',
    virtualization: 'kvm',
  },
}

/** What those calls are made of on a host without anything particular; every file beside the recipe says its name. */
export async function lowering(
  secrets: Readonly<Record<string, string>>,
  ...calls: readonly Call[]
): Promise<readonly Lowered[]> {
  const resources = readSaid(anyHost.name, saying(...calls))
  const bytesOf = async (path: string) => new TextEncoder().encode(path)
  return await lowerAll(resources, { host: anyHost, bytesOf, secrets: new Map(Object.entries(secrets)) })
}
