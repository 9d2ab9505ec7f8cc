import { z } from 'zod'
import { list, object, text } from '../../config/values/wanted.ts'
import type { LoweringWorld, Resource, ResourceSort } from '../recipe/resource.ts'
import { asItIs, fileThing, neededPackage, plain } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import type { Thing } from '../things/thing.ts'
import { authorizedKey } from './authorized-key.ts'
import { kernel, ntp } from './baseline-kernel.ts'
import { firewall } from './firewall.ts'
import { sshd, sshdOptions } from './baseline-sshd.ts'
import { sudoRule } from './sudo-rule.ts'
import { timeZone } from './time-zone.ts'
import { user } from './user.ts'
import { accountName, oneOrMore, options, yes } from './words.ts'

const key = text("a public key, such as 'ssh-ed25519 AAAA… ada'", /^[^\p{Cc}\p{Co}]{40,}$/u)
const admin = object(
  { name: accountName, keys: oneOrMore(key, "'ssh-ed25519 AAAA… ada'") },
  "name: 'ada', keys: ['ssh-ed25519 AAAA… ada']",
)
const upgrades = object(
  { reboot: text("a time of day, such as '03:30'", /^(?:[01]\d|2[0-3]):[0-5]\d$/).optional() },
  "reboot: '03:30'",
)
const orNot = <T extends z.ZodType>(shape: T, wanted: string) =>
  z.union([z.boolean(), shape], { error: wanted })

const wantedDisk = "an amount of disk or false, such as '500M'"

const shape = options(
  {
    admins: list(admin, "{ name: 'ada', keys: ['ssh-ed25519 AAAA… ada'] }").optional(),
    sshd: orNot(sshdOptions, "true, false or an object, such as { root: 'no' }").optional(),
    upgrades: orNot(upgrades, "true, false or an object, such as { reboot: '03:30' }").optional(),
    firewall: firewall.options.optional(),
    timeZone: timeZone.name.optional(),
    kernel: yes.optional(),
    ntp: yes.optional(),
    journal: z
      .union([z.literal(false), text(wantedDisk, /^[1-9]\d{0,5}[MG]$/)], {
        error: wantedDisk,
      })
      .optional(),
  },
  "admins: [{ name: 'ada', keys: ['ssh-ed25519 AAAA… ada'] }]",
)

type Baseline = Resource<z.output<typeof shape>>

/**
 * What most hosts want in one call: people with keys, an sshd without passwords, upgrades of security by themselves, a
 * kernel and a journal within bounds. Each part can be left out. Whoever comes in as root by a key goes on doing so.
 */
export const baseline: ResourceSort<z.output<typeof shape>> = {
  type: 'baseline',
  name: text("a few words, such as 'debian'", /^[^\p{Cc}\p{Co}]{1,100}$/u),
  options: shape,
  makesUsers: true,
  async lower(resource, world) {
    const written = resource.options
    return [
      ...(await adminsOf(resource, world)),
      ...(written.sshd === false ? [] : [sshd(typeof written.sshd === 'object' ? written.sshd : {})]),
      ...(written.upgrades === false ? [] : upgradesOf(resource)),
      ...(await fromOthers(resource, world)),
      ...(written.kernel === false ? [] : kernel()),
      ...(written.ntp === false || isContainer(world) ? [] : [ntp()]),
      ...(written.journal === false ? [] : journal(written.journal ?? '500M')),
    ]
  },
}

/** Their homes are made here, so nobody else can say yet where those are. */
async function adminsOf(
  { options: { admins = [] }, ...resource }: Baseline,
  world: LoweringWorld,
): Promise<readonly Thing[]> {
  if (admins.length === 0) return []
  const within = {
    ...world,
    homeOf: (name: string) =>
      admins.some((one) => one.name === name) ? `/home/${name}` : world.homeOf(name),
  }
  const things = await Promise.all(
    admins.map(async ({ name, keys }) => [
      ...(await user.lower(
        { ...resource, name, options: { groups: ['sudo'], shell: '/bin/bash', home: `/home/${name}` } },
        within,
      )),
      ...(await authorizedKey.lower({ ...resource, name, options: { keys } }, within)),
      ...(await sudoRule.lower(
        { ...resource, name, options: { user: name, commands: ['ALL'], password: false, as: 'ALL' } },
        within,
      )),
    ]),
  )
  return [neededPackage('sudo', resource.id), ...things.flat()]
}

async function fromOthers(resource: Baseline, world: LoweringWorld): Promise<readonly Thing[]> {
  const { firewall: rules, timeZone: zone } = resource.options
  return [
    ...(rules === undefined ? [] : await firewall.lower({ ...resource, options: rules }, world)),
    ...(zone === undefined ? [] : await timeZone.lower({ ...resource, name: zone, options: {} }, world)),
  ]
}

function upgradesOf({ id, options: { upgrades: written } }: Baseline): readonly Thing[] {
  const reboot = typeof written === 'object' ? written.reboot : undefined
  const lines = [
    'APT::Periodic::Update-Package-Lists "1";',
    'APT::Periodic::Unattended-Upgrade "1";',
    `Unattended-Upgrade::Automatic-Reboot "${reboot !== undefined}";`,
    ...(reboot === undefined ? [] : [`Unattended-Upgrade::Automatic-Reboot-Time "${reboot}";`]),
  ]
  const content = plain(`// Written by tandem from a recipe.\n${lines.join('\n')}\n`)
  return [
    neededPackage('unattended-upgrades', id),
    fileThing({ path: '/etc/apt/apt.conf.d/60tandem-upgrades', content }),
  ]
}

function journal(most: string): readonly Thing[] {
  const content = plain(`# Written by tandem from a recipe.\n[Journal]\nSystemMaxUse=${most}\n`)
  const folder = '/etc/systemd/journald.conf.d'
  const owes = [{ type: 'restart', unit: 'systemd-journald.service' }] as const
  return [
    pathThing(folder, { type: 'directory', ...asItIs }),
    fileThing({ path: `${folder}/60-tandem.conf`, content, owes }),
  ]
}

/** Its clock is that of the machine around it. */
function isContainer({ host: { facts } }: LoweringWorld): boolean {
  return ['systemd-nspawn', 'lxc', 'lxc-libvirt', 'docker', 'podman', 'openvz', 'container-other'].includes(
    facts.virtualization,
  )
}
