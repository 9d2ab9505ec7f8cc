const mib = 2 ** 20

/** How much may come, of whoever sends it. */
export const usualLimits = {
  /** What one series may say of itself. */
  labels: { labels: 64, nameLength: 512, valueLength: 4_096 },
  /** How long a body may be when it is unpacked. */
  remoteWriteBytes: 64 * mib,
  otlpBytes: 20 * mib,
  pushBytes: 4 * mib,
  /** Of how many senders the series are remembered. */
  senders: 64,
} as const
