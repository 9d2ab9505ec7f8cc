import type { AuthConfig } from './metrics.ts'

/** `metrics.remote` of `tandem.ts` after it was read. */
export type RemoteConfig = Readonly<{
  write: string | null
  read: string | null
  auth: AuthConfig | null
  /** Added to what is written there, where series lack them. */
  labels: Readonly<Record<string, string>>
  queueBytes: number
}>
