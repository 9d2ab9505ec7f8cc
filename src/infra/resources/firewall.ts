import { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { commandThing, fileThing, neededPackage, plain, shScript, unitThing } from '../things/make.ts'
import type { Debt, Thing } from '../things/thing.ts'
import { allowed, ports, rulesetOf } from './firewall-rules.ts'
import { content, oneOrMore, options, yes } from './words.ts'
import { alone, all, type Rule } from './rules.ts'

const onlyRuleset: Rule = (found, context) => {
  if (found['ruleset'] === undefined) return
  for (const key of ['allow', 'ssh', 'ping', 'policy'].filter((key) => found[key] !== undefined)) {
    const params = { now: 'keep one of the two' }
    context.addIssue({ code: 'custom', path: [key], message: "left out beside 'ruleset'", params })
  }
}

const shape = options(
  {
    allow: oneOrMore(allowed, '{ port: 443 }').optional(),
    policy: z.enum(['drop', 'reject', 'accept']).optional(),
    ssh: z
      .union([z.literal(false), ports], { error: 'a port, a list of ports or false, such as 22' })
      .optional(),
    ping: yes.optional(),
    ruleset: content.optional(),
    absent: yes.optional(),
  },
  'allow: [{ port: 80 }, { port: 443 }]',
).superRefine(all(alone('absent'), onlyRuleset))

export type FirewallOptions = z.output<typeof shape>

const path = '/etc/nftables.conf'
const load = shScript('exec nft -f "$1"', [path])
// An undo may have taken nft or the file away again, which came along with it: then there are no rules of before.
const loadAgain = shScript('command -v nft >/dev/null && [ -e "$1" ] || exit 0; exec nft -f "$1"', [path])
const reload: Debt = { type: 'command', name: `nft -f ${path}`, script: loadAgain }

/**
 * Who may connect to the host: nftables, in a table of its own, so that what other programs have there (containers,
 * bans) stays. A change that keeps us out undoes itself.
 */
export const firewall: ResourceSort<FirewallOptions> = {
  type: 'firewall',
  name: text("a few words, such as 'web'", /^[^\p{Cc}\p{Co}]{1,100}$/u),
  options: shape,
  lower({ id, options: written }) {
    if (written.absent === true) return Promise.resolve([...closed()])
    const { text: ruleset, mark } = rulesetOf(written)
    return Promise.resolve([
      neededPackage('nftables', id),
      fileThing({
        path,
        content: plain(ruleset),
        access: { mode: 0o755 },
        check: ['nft', '-c', '-f', '%'],
        owes: [reload],
      }),
      unitThing('nftables.service', { enabled: true }),
      ...(mark === null ? [] : [live(mark)]),
    ])
  },
}

/** The rules in the kernel are those of the file: an empty chain, named for their digest, tells. */
const live = (mark: string): Thing =>
  commandThing({
    name: 'rules of the firewall',
    check: shScript('exec nft list chain inet tandem "$1" >/dev/null 2>&1', [mark], 10_000),
    run: load,
    // The file is put back after this, and what it owes loads the rules that were there before.
    undo: shScript(dropTable, []),
    lockout: 'firewall',
    says: 'load the rules into the kernel',
  })

const dropTable = 'nft list table inet tandem >/dev/null 2>&1 || exit 0; exec nft delete table inet tandem'

function closed(): readonly Thing[] {
  return [
    unitThing('nftables.service', { enabled: false }),
    commandThing({
      name: 'rules of the firewall',
      check: shScript('! nft list table inet tandem >/dev/null 2>&1', [], 10_000),
      run: shScript(dropTable, []),
      undo: load,
      lockout: 'firewall',
      says: 'take the rules out of the kernel',
    }),
  ]
}
