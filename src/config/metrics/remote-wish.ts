import type { Size } from '../wish.ts'

/** An engine that keeps samples beyond this machine: Mimir, Thanos, VictoriaMetrics, another Prometheus. */
export type RemoteWish = Readonly<{
  /** Where it takes remote write 1.0: `https://mimir.example.org/api/v1/push`. Everything that is taken in goes there too. */
  write?: string
  /** Where its query API lies, without `/api/v1`: `https://mimir.example.org/prometheus`. Then it answers in our place. */
  read?: string
  /** The name of a secret that opens it: `tandem secret set NAME --in infra`. */
  auth?: Readonly<{ bearer: string }> | Readonly<{ user: string; password: string }>
  /** Added to what goes there, where series lack them: what tells this hub from others. */
  labels?: Readonly<Record<string, string>>
  /** How much may wait on disk while it is away. Default `1G`; the oldest is dropped beyond it. */
  queue?: Size
}>
