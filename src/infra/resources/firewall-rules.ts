import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { z } from 'zod'
import { meaningful } from '../../config/values/wanted.ts'
import { atLeastOne } from './rules.ts'
import { object } from '../../config/values/wanted.ts'
import { oneOrMore } from './words.ts'

const wantedPort = "a port or a range, such as 443 or '8000-8010'"
const port = z
  .union([z.int().min(1, wantedPort).max(65_535, wantedPort), z.string().refine(isRange, wantedPort)], {
    error: wantedPort,
  })
  .transform(String)

export const ports = oneOrMore(port, '443')

export const network = meaningful("an address or a network, such as '10.0.0.0/8' or 'fd00::/8'", (written) =>
  familyOf(written) === null ? null : written,
)

export const allowed = object(
  {
    port: ports.optional(),
    ports: ports.optional(),
    from: oneOrMore(network, "'10.0.0.0/8'").optional(),
    proto: z.enum(['tcp', 'udp']).optional(),
  },
  "port: 443, from: '10.0.0.0/8'",
).superRefine((found, context) => {
  atLeastOne(['port', 'ports', 'from'], '443', null)(found, context)
})

type Allowed = z.output<typeof allowed>

type Rules = Readonly<{
  allow?: readonly Allowed[] | undefined
  policy?: 'drop' | 'reject' | 'accept' | undefined
  ssh?: false | readonly string[] | undefined
  ping?: boolean | undefined
  ruleset?: string | undefined
}>

/** The text for `nft -f`; `mark` is the name of the chain that tells these rules from others. Null: rules of the team. */
export function rulesetOf(rules: Rules): Readonly<{ text: string; mark: string | null }> {
  if (rules.ruleset !== undefined) {
    return { text: rules.ruleset.endsWith('\n') ? rules.ruleset : `${rules.ruleset}\n`, mark: null }
  }
  const lines = inputOf(rules)
  const mark = `rules_${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16)}`
  return { text: tableOf(lines, mark), mark }
}

/** Made, taken away and made anew in one transaction: at no moment is the host without rules. */
const tableOf = (lines: readonly string[], mark: string): string => `#!/usr/sbin/nft -f
# Written by tandem from a recipe.
table inet tandem
delete table inet tandem
table inet tandem {
  chain ${mark} {
  }

  chain input {
${lines.map((line) => `    ${line}\n`).join('')}  }
}
`

function inputOf({ allow = [], policy = 'drop', ssh = ['22'], ping = true }: Rules): readonly string[] {
  return [
    `type filter hook input priority filter; policy ${policy === 'accept' ? 'accept' : 'drop'};`,
    'ct state established,related accept',
    'ct state invalid drop',
    'iifname "lo" accept',
    ...(ping ? [] : ['icmp type echo-request drop', 'icmpv6 type echo-request drop']),
    // ICMP and ICMPv6 by their numbers, for small hosts have no /etc/protocols. Without these, IPv6 finds no neighbours
    // and large packets get lost.
    'meta l4proto { 1, 58 } accept',
    'ip6 saddr fe80::/10 udp dport 546 accept',
    ...(ssh === false ? [] : [`tcp dport ${setOf(ssh)} accept`]),
    ...allow.flatMap(rulesFor),
    ...(policy === 'reject' ? ['reject'] : []),
  ]
}

/** One rule for each family of addresses, as nft has no word for both. */
function rulesFor({ port = [], ports = [], from = [], proto }: Allowed): readonly string[] {
  const open = [...port, ...ports]
  const what =
    open.length > 0
      ? `${proto ?? 'tcp'} dport ${setOf(open)} `
      : proto === undefined
        ? ''
        : `meta l4proto ${proto} `
  if (from.length === 0) return [`${what}accept`]
  const families = [
    ['ip', from.filter((network) => familyOf(network) === 4)],
    ['ip6', from.filter((network) => familyOf(network) === 6)],
  ] as const
  return families.flatMap(([family, networks]) =>
    networks.length === 0 ? [] : [`${family} saddr ${setOf(networks)} ${what}accept`],
  )
}

function setOf(words: readonly string[]): string {
  return words.length === 1 ? words.join('') : `{ ${words.join(', ')} }`
}

function familyOf(written: string): 4 | 6 | null {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(written) ?? []
  const family = isIP(address)
  if (family !== 4 && family !== 6) return null
  return Number(prefix ?? 0) <= (family === 4 ? 32 : 128) ? family : null
}

function isRange(written: string): boolean {
  const [, from, to] = /^([1-9]\d{0,4})-([1-9]\d{0,4})$/.exec(written) ?? []
  return from !== undefined && Number(from) < Number(to) && Number(to) <= 65_535
}
