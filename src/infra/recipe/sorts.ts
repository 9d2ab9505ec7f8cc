import { service } from '../resources/service.ts'
import { unit } from '../resources/unit.ts'
import { dropIn } from '../resources/drop-in.ts'
import { cron } from '../resources/cron.ts'
import { sysctl } from '../resources/sysctl.ts'
import { mount } from '../resources/mount.ts'
import { hostname } from '../resources/hostname.ts'
import { timeZone } from '../resources/time-zone.ts'
import { locale } from '../resources/locale.ts'
import { logRotation } from '../resources/log-rotation.ts'
import { exec } from '../resources/exec.ts'
import { firewall } from '../resources/firewall.ts'
import { gitCheckout } from '../resources/git-checkout.ts'
import { certificate } from '../resources/certificate.ts'
import { haproxyFront } from '../resources/haproxy-front.ts'
import { postgresRole } from '../resources/postgres-role.ts'
import { postgresDatabase } from '../resources/postgres-database.ts'
import type { ResourceSort } from './resource.ts'

/** Every sort of resource there is: a new one is a file in `resources/` and a line here. */
const all: readonly ResourceSort<unknown>[] = [
  certificate,
  cron,
  dropIn,
  exec,
  firewall,
  gitCheckout,
  haproxyFront,
  hostname,
  locale,
  logRotation,
  mount,
  postgresDatabase,
  postgresRole,
  service,
  sysctl,
  timeZone,
  unit,
]

/** By the word in recipes. */
export const sorts: ReadonlyMap<string, ResourceSort<unknown>> = new Map(all.map((sort) => [sort.type, sort]))
