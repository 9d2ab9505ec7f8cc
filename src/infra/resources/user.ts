import { z } from 'zod'
import { TroubleError } from '../../change/trouble.ts'
import { list, text } from '../../config/values/wanted.ts'
import type { LoweringWorld, Resource, ResourceSort } from '../recipe/resource.ts'
import { contentOf } from './content.ts'
import type { Content, UserThing } from '../things/thing.ts'
import { all, alone, onlyWith } from './rules.ts'
import { shownPlace } from '../recipe/refuse.ts'
import { absolutePathLike, accountName, accountNumber, groupName, options, yes } from './words.ts'

/** What crypt(3) makes. */
const crypted = /^\$[0-9a-z]+\$[!-~]{8,}$/

const userOptions = options(
  {
    uid: accountNumber.optional(),
    group: groupName.optional(),
    groups: list(groupName, "'sudo'").optional(),
    onlyGroups: yes.optional(),
    home: absolutePathLike('/srv/deploy').optional(),
    shell: absolutePathLike('/bin/bash').optional(),
    comment: text("a text without colons, such as 'Ada Lovelace'", /^[^:\p{Cc}\p{Co}]{0,200}$/u).optional(),
    // What it is like is looked at where nobody prints it: people do write a password here that is not crypted.
    password: z.string({ error: "a crypted password, such as secret('ADA_PASSWORD')" }).optional(),
    system: yes.optional(),
    absent: yes.optional(),
    removeHome: yes.optional(),
  },
  "shell: '/bin/bash'",
).superRefine(
  all(alone('absent', 'removeHome'), onlyWith('removeHome', 'absent'), onlyWith('onlyGroups', 'groups')),
)

type UserOptions = z.output<typeof userOptions>

export const user: ResourceSort<UserOptions> = {
  type: 'user',
  name: accountName,
  options: userOptions,
  makesUsers: true,
  lower: async (resource, world) => {
    const { name, options } = resource
    const { groups, onlyGroups, absent, removeHome } = options
    // Who is taken out of a group may have been root by it.
    const thing = {
      type: 'user',
      key: `user ${name}`,
      name,
      owes: [],
      lockout: onlyGroups ? 'sudo' : null,
    } as const
    if (absent === true) return [{ ...thing, want: { type: 'absent', home: removeHome === true } }]
    const want: UserThing['want'] = {
      type: 'present',
      uid: options.uid ?? null,
      group: options.group ?? null,
      home: options.home ?? null,
      shell: options.shell ?? null,
      comment: options.comment ?? null,
      groups: groups === undefined ? null : { names: groups, only: onlyGroups === true },
      system: options.system === true,
      password: options.password === undefined ? null : passwordOf(resource, options.password, world),
    }
    return [{ ...thing, want }]
  },
}

function passwordOf({ name, at }: Resource<UserOptions>, written: string, world: LoweringWorld): Content {
  const content = contentOf(written, world)
  if (crypted.test(new TextDecoder().decode(content.bytes))) return content
  throw new TroubleError({
    what: `the password of ${name} is not crypted`,
    where: shownPlace(at),
    now: 'set the secret to what `mkpasswd --method=yescrypt` or `openssl passwd -6` prints',
  })
}
