import { z } from 'zod'
import { object } from '../../config/values/wanted.ts'
import { fileThing, plain } from '../things/make.ts'
import type { Thing } from '../things/thing.ts'
import { accountName, oneOrMore, yes } from './words.ts'

export const sshdOptions = object(
  {
    passwords: yes.optional(),
    root: z.enum(['keys', 'no']).optional(),
    allowUsers: oneOrMore(accountName, "'deploy'").optional(),
  },
  "root: 'no'",
)

const rootMay = { keys: 'prohibit-password', no: 'no' }

/**
 * For sshd the first word counts, so this file comes before those of others. Without more words root keeps its keys and
 * nobody is kept to a list: tandem itself comes in as before.
 */
export function sshd({ passwords = false, root = 'keys', allowUsers }: z.output<typeof sshdOptions>): Thing {
  const lines = [
    `PermitRootLogin ${rootMay[root]}`,
    `PasswordAuthentication ${passwords ? 'yes' : 'no'}`,
    `KbdInteractiveAuthentication ${passwords ? 'yes' : 'no'}`,
    'PermitEmptyPasswords no',
    'X11Forwarding no',
    'LoginGraceTime 30',
    ...(allowUsers === undefined ? [] : [`AllowUsers ${allowUsers.join(' ')}`]),
  ]
  return fileThing({
    path: '/etc/ssh/sshd_config.d/00-tandem.conf',
    content: plain(`# Written by tandem from a recipe.\n${lines.join('\n')}\n`),
    check: ['sh', '-euc', check, 'tandem', '%'],
    owes: [{ type: 'reload', unit: 'ssh.service' }],
  })
}

// Where a socket starts sshd, its folder is not there between two connections.
const check = 'mkdir -p -m 0755 /run/sshd; exec /usr/sbin/sshd -t -f "$1"'
