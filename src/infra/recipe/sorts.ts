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
import { apt } from '../resources/apt.ts'
import { aptRepository } from '../resources/apt-repository.ts'
import { archive } from '../resources/archive.ts'
import { authorizedKey } from '../resources/authorized-key.ts'
import { block } from '../resources/block.ts'
import { directory } from '../resources/directory.ts'
import { download } from '../resources/download.ts'
import { file } from '../resources/file.ts'
import { group } from '../resources/group.ts'
import { line } from '../resources/line.ts'
import { link } from '../resources/link.ts'
import { sudoRule } from '../resources/sudo-rule.ts'
import { template } from '../resources/template.ts'
import { user } from '../resources/user.ts'
import { baseline } from '../resources/baseline.ts'
import type { ResourceSort } from './resource.ts'

/** Every sort of resource there is: a new one is a file in `resources/` and a line here. */
const all: readonly ResourceSort<unknown>[] = [
  apt,
  aptRepository,
  archive,
  authorizedKey,
  baseline,
  block,
  certificate,
  cron,
  directory,
  download,
  dropIn,
  exec,
  file,
  firewall,
  gitCheckout,
  group,
  haproxyFront,
  hostname,
  line,
  link,
  locale,
  logRotation,
  mount,
  postgresDatabase,
  postgresRole,
  service,
  sudoRule,
  sysctl,
  template,
  timeZone,
  unit,
  user,
]

/** By the word in recipes. */
export const sorts: ReadonlyMap<string, ResourceSort<unknown>> = new Map(all.map((sort) => [sort.type, sort]))
