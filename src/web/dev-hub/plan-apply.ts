import type { OrderWish } from '../../api/wire/wire.ts'
import type { Plan, PlanLine, Step } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { PlayDrift } from './drift.ts'
import { meant } from './play-hosts.ts'

type Wish = Readonly<{ on?: readonly string[]; drift?: boolean }>

/** What an apply would do: what was found to differ, and for all but a mend a new recipe on the web hosts. */
export function planWished(drift: PlayDrift, { wish }: OrderWish): Plan {
  const { on = [], drift: isMend = false } = wish as Wish
  const hosts = meant(on)
  if (hosts.length === 0)
    throw new TroubleError({ what: `no host is called ${on.join(' or ')}`, now: 'look at the hosts page' })
  const differs = drift
    .last()
    .map(({ host, findings }) => ({
      host,
      findings: findings.filter(({ cause }) => !isMend || cause !== 'recipe moved'),
    }))
    .filter(({ host, findings }) => hosts.includes(host) && findings.length > 0)
  const web = isMend ? [] : hosts.filter((host) => host.startsWith('web'))
  const busy = hosts.filter((host) => web.includes(host) || differs.some((one) => one.host === host))
  const away = drift.last().filter((one) => one.away !== null && hosts.includes(one.host))
  return planOn(busy, {
    lines: [
      ...differs.flatMap(({ host, findings }) => [
        header([host]),
        ...findings.flatMap(({ resource, at, lines }) => [
          { mark: '~' as const, text: `  ${resource} (${at})` },
          ...lines.map(({ mark, text }) => ({ mark, text: `      ${text}` })),
        ]),
      ]),
      ...(web.length === 0 ? [] : [header(web), ...newRecipe]),
    ],
    fenced: away.map(({ host }) => host),
  })
}

const header = (hosts: readonly string[]): PlanLine => ({ mark: ' ', text: `${hosts.join(', ')}:` })

const unitText = [
  '[Unit]',
  'Description=Renews certificates',
  'After=network-online.target',
  'Wants=network-online.target',
  '',
  '[Service]',
  'Type=oneshot',
  'User=acme',
  'ExecStart=/usr/bin/lego --path /var/lib/lego renew --days 30',
  'ProtectSystem=strict',
  'ReadWritePaths=/var/lib/lego',
  'PrivateTmp=yes',
  '',
  '[Install]',
  'WantedBy=multi-user.target',
]

const newRecipe: readonly PlanLine[] = [
  { mark: '+', text: '  user acme (recipes/web.ts:22:3)' },
  { mark: ' ', text: '      uid is chosen by the host, shell /usr/sbin/nologin' },
  { mark: '+', text: '  unit lego-renew.service (recipes/web.ts:25:3)' },
  ...unitText.map((text): PlanLine => ({ mark: '+', text: `      ${text}` })),
  { mark: '-', text: '  file /etc/cron.d/certbot (recipes/web.ts:31:3)' },
  { mark: '-', text: '      0 */12 * * * root certbot -q renew' },
  { mark: '~', text: '  exec rotate the ticket keys (recipes/web.ts:34:3)' },
  { mark: '~', text: '      openssl rand -out /etc/nginx/ticket.key 80' },
  { mark: ' ', text: '      cannot be undone: the keys before it are gone' },
]

type Rest = Readonly<{ lines: readonly PlanLine[]; fenced: readonly string[] }>

function planOn(busy: readonly string[], { lines, fenced }: Rest): Plan {
  const [first, ...rest] = busy
  const stage = (name: string, hosts: readonly string[]) => ({
    name,
    steps: hosts.map(applyStep),
    atOnce: 64,
    watch: null,
  })
  const heads = lines.filter(({ text }) => /^ {2}\S/.test(text)).length
  return {
    title: `apply to ${busy.length === 0 ? 'all hosts: nothing to do' : `${busy.join(', ')}: ${heads} to alter`}`,
    lines: [
      ...lines,
      {
        mark: ' ',
        text:
          busy.length === 0
            ? 'nothing to do; 34 are as they should be'
            : `${heads} to alter on ${busy.length} hosts; 96 are as they should be`,
      },
    ],
    warnings: [],
    stages:
      first === undefined
        ? []
        : [stage('canary', [first]), ...(rest.length === 0 ? [] : [stage('rest', rest)])],
    settle: [{ id: 'keep what was applied', action: 'keep', host: null, input: null, cannotUndo: null }],
    fenced,
    outcome: {
      do: 'recipes',
      hosts: [...busy],
      digests: Object.fromEntries(busy.map((host) => [host, { all: 'd1' }])),
    },
  }
}

const applyStep = (host: string): Step => ({
  id: `apply ${host}`,
  action: 'apply',
  host,
  input: null,
  cannotUndo: null,
})

/** Drift that was only written down. */
export const driftNote: Plan = {
  title: 'drift on web2: file /etc/nginx/nginx.conf and 1 more',
  lines: [
    { mark: '~', text: 'web2  file /etc/nginx/nginx.conf' },
    { mark: ' ', text: '    2026-11-23 06:41 /etc/nginx/nginx.conf' },
    { mark: ' ', text: '    sudo: grace : PWD=/etc/nginx ; USER=root ; COMMAND=/usr/bin/vi nginx.conf' },
    { mark: '~', text: 'web2  apt nginx' },
    { mark: ' ', text: '    upgrade nginx:amd64 1.22.1-9+deb12u2 1.22.1-9+deb12u1' },
  ],
  warnings: ['it was found, not made: `tandem apply --drift` puts the hosts right'],
  stages: [],
  settle: [],
  fenced: [],
  outcome: { do: 'note' },
}

/** A command on hosts. */
export const runPlan: Plan = {
  title: 'run uptime on web1, web2, web3',
  lines: [{ mark: ' ', text: 'uptime' }],
  warnings: [],
  stages: [
    {
      name: 'run',
      atOnce: 64,
      watch: null,
      steps: ['web1', 'web2', 'web3'].map((host) => ({
        id: `run ${host}`,
        action: 'run',
        host,
        input: null,
        cannotUndo: 'what a command has done stays done',
      })),
    },
  ],
  settle: [],
  fenced: [],
  outcome: { do: 'run', hosts: ['web1', 'web2', 'web3'] },
}
