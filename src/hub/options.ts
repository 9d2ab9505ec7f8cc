import type { TeamConfig } from '../config/config.ts'
import type { Secret } from '../config/secrets/secret.ts'
import type { HostAddress } from '../remote/remote.ts'

export type HubOptions = Readonly<{
  /** The folder with `tandem.ts`. */
  projectDir: string
  /** The folder that everything is stored in. */
  stateDir: string
  /** Reads tandem.ts; for those who have read it already. */
  config?: () => Promise<TeamConfig>
  /** A `hub` runs on and heals; a `cli` carries out its own orders and ends. */
  kind: 'hub' | 'cli'
  /** Asked for a host whose sudo wants a password. */
  sudoPassword?: (host: HostAddress) => Promise<string>
  /** The key that opens the team's secrets; asked for when an app needs them. */
  identity: () => Promise<Secret>
  /** Called for what is a bug of ours: it is shown, and the hub goes on with everything else. */
  broke?: (thrown: unknown) => void
  /** Says a line to whoever looks at the terminal of the hub. */
  tell?: (line: string) => void
}>
