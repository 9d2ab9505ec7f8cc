/** What a job prints, step by step; `ms` is how long each line takes. */
export type Script = readonly Readonly<{ step: string | null; lines: readonly string[]; ms: number }>[]

const esc = '\u001b'
const green = (text: string) => `${esc}[32m${text}${esc}[39m`
const red = (text: string) => `${esc}[31m${text}${esc}[39m`
const dim = (text: string) => `${esc}[2m${text}${esc}[22m`

const checkout: Script[number] = { step: 'check out', ms: 40, lines: ['214 files, 1.8 MB'] }

const install: Script[number] = {
  step: 'npm ci',
  ms: 900,
  lines: [
    `${dim('cache')} node-modules 7c1e0b: restored, 41 MB in 0.3 s`,
    `reify: 10 %\rreify: 60 %\rreify: 100 %`,
    'added 214 packages in 3s',
  ],
}

const passes = [
  'a basket survives the session',
  'an altered cookie is an empty basket',
  'a parcel is promised for a working day',
  'a card that is refused says what is missing',
]

const tests: Script[number] = {
  step: 'node --test',
  ms: 310,
  lines: [
    ...passes.map((name, nth) => `${green('✔')} ${name} ${dim(`(${nth * 7 + 2}.41ms)`)}`),
    // Somebody prints what an attacker sent: it must stay words.
    `${dim('request')} <script>alert(1)</script> ${esc}]0;owned\u0007\u202egnp.exe`,
    `${esc}[1mtests 4${esc}[22m`,
    green('pass 4'),
  ],
}

const failing: Script[number] = {
  step: 'node --test',
  ms: 310,
  lines: [
    ...passes.slice(0, 2).map((name) => `${green('✔')} ${name} ${dim('(3.2ms)')}`),
    red('✖ a parcel is promised for a working day (12.7ms)'),
    `  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:`,
    `  ${green('+ actual')} ${red('- expected')}`,
    '',
    `  ${green("+ 'Sunday'")}`,
    `  ${red("- 'Monday'")}`,
    dim('      at TestContext.<anonymous> (src/parcel.test.js:14:10)'),
    ...Array.from({ length: 40 }, (_, nth) =>
      dim(`      at frame ${nth + 1} (node:internal/test_runner:${nth + 600}:5)`),
    ),
    red('fail 1'),
  ],
}

const lint: Script = [
  checkout,
  install,
  { step: 'oxlint', ms: 120, lines: ['Found 0 warnings and 0 errors.', 'Finished in 41ms on 38 files.'] },
]

const build: Script = [
  checkout,
  install,
  { step: 'pack', ms: 200, lines: ['212 files, 1.8 MB', `release ${'9c1e07ab'.repeat(8)}`] },
]

const chatty: Script = [
  checkout,
  { step: 'start 3 browsers', ms: 700, lines: ['chromium 131', 'listening on :8080'] },
  {
    step: 'play stories',
    ms: 6,
    lines: Array.from(
      { length: 2_600 },
      (_, nth) => `story ${nth + 1}: ${green('ok')} ${dim(`${(nth * 13) % 97} ms`)}`,
    ),
  },
]

/** What the jobs of the played repositories print. */
export function scriptOf(job: string, isFailing: boolean): Script {
  if (job.startsWith('test')) return [checkout, install, isFailing ? failing : tests]
  if (job === 'lint') return lint
  if (job === 'build') return build
  if (job === 'stories') return chatty
  if (job === 'plan')
    return [
      checkout,
      {
        step: 'plan',
        ms: 400,
        lines: ['web1, web2, web3:', '  + unit lego-renew (recipes/web.ts:5:3)', '  ~ service nginx: reload'],
      },
    ]
  return [{ step: null, ms: 100, lines: ['checking 3 recipes', 'all right'] }]
}
