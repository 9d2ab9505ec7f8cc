import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { pathThing } from '../things/path-thing.ts'
import { plain } from '../things/make.ts'
import { all, alone, atLeastOne, atMostOne } from './rules.ts'
import { accountName, groupName, oneOrMore, options, yes } from './words.ts'

/** sudo passes over files whose name has a dot or ends in `~`, without a word. */
const ruleName = text(
  "letters, digits, dashes and underscores, such as 'deploy'",
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
)
const command = text(
  "'ALL' or a command with its whole path, such as '/usr/bin/systemctl restart shop'",
  /^(?:ALL|\/[^\p{Cc}\p{Co}]{1,1000})$/u,
)
const runAs = text("who it is run as, such as 'root' or 'postgres'", /^(?:ALL|[a-z_][a-z0-9_-]{0,31})$/)

const ruleOptions = options(
  {
    user: accountName.optional(),
    group: groupName.optional(),
    commands: oneOrMore(command, "'/usr/bin/systemctl restart shop'").optional(),
    password: yes.optional(),
    as: runAs.optional(),
    absent: yes.optional(),
  },
  "user: 'deploy', commands: '/usr/bin/systemctl restart shop'",
).superRefine(
  all(
    atLeastOne(['user', 'group'], "'deploy', or group: 'ops'", 'absent'),
    atMostOne('user', 'group'),
    atLeastOne(['commands'], "'/usr/bin/systemctl restart shop'", 'absent'),
    alone('absent'),
  ),
)

type RuleOptions = z.output<typeof ruleOptions>

/** What a user or the users of a group may do as somebody else: `/etc/sudoers.d/NAME`. */
export const sudoRule: ResourceSort<RuleOptions> = {
  type: 'sudoRule',
  name: ruleName,
  options: ruleOptions,
  lower: async ({ name, options }) => {
    const path = `/etc/sudoers.d/${name}`
    if (options.absent === true) return [pathThing(path, { type: 'absent', all: false })]
    const access = { mode: 0o440, owner: 'root', group: 'root' }
    return [pathThing(path, { type: 'file', content: plain(textOf(options)), ...access })]
  },
}

/** A line for each command, so that a diff shows which one came. */
function textOf({ user, group, commands = [], password, as = 'root' }: RuleOptions): string {
  const who = user ?? `%${group}`
  const whose = as === 'ALL' ? 'ALL:ALL' : as
  const asked = password === false ? 'NOPASSWD: ' : ''
  return commands.map((command) => `${who} ALL=(${whose}) ${asked}${escaped(command)}\n`).join('')
}

/** These mean something to sudoers. Wildcards stay what they are, as people count on them. */
function escaped(command: string): string {
  return command.replaceAll(/[,:=\\]/g, '\\$&')
}
