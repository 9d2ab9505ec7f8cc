import { defaults } from '../defaults.ts'
import type { NameRule, WireConfig, WiresConfig } from './wires.ts'
import type { ParsedStatsd, ParsedWire } from './wires-schema.ts'

type Said = Readonly<{ statsd?: ParsedStatsd | undefined; graphite?: ParsedWire | undefined }>

/** What is listened for: nothing that was not asked for, as nobody who sends is asked who they are. */
export function wiresConfig({ statsd, graphite }: Said): WiresConfig {
  return {
    statsd:
      statsd === undefined
        ? null
        : {
            ...wireConfig(statsd, { port: defaults.statsdPort, flushMs: defaults.statsdFlushMs }),
            buckets: {
              seconds: statsd.buckets?.seconds ?? defaults.secondsBuckets,
              values: statsd.buckets?.values ?? defaults.valuesBuckets,
            },
          },
    graphite:
      graphite === undefined
        ? null
        : wireConfig(graphite, { port: defaults.graphitePort, flushMs: defaults.graphiteFlushMs }),
  }
}

function wireConfig(
  { listen, flush, idle, seriesLimit, buffer, names = [] }: ParsedWire,
  usual: Readonly<{ port: number; flushMs: number }>,
): WireConfig {
  return {
    address: listen?.address ?? defaults.wireAddress,
    port: listen?.port ?? usual.port,
    flushMs: flush ?? usual.flushMs,
    idleMs: idle ?? defaults.wireIdleMs,
    seriesLimit: seriesLimit ?? defaults.wireSeries,
    receiveBufferBytes: buffer ?? defaults.wireBufferBytes,
    rules: names.map(ruleOf),
  }
}

const ruleOf = (name: NonNullable<ParsedWire['names']>[number]): NameRule => ({
  match: name.match,
  name: name.name ?? null,
  labels: name.labels ?? {},
  buckets: name.buckets ?? null,
  isDropped: name.drop ?? false,
})
