import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { becomes } from './becomes.ts'
import { browserOptions as options, dashboardOfTests } from './dashboard.ts'
import { hostileName } from '../src/web/dev-hub/code/files.ts'
import { lowContrast, nameless, tooWide } from './page-faults.ts'

const dashboard = dashboardOfTests()
const { signedIn } = dashboard

const order = (ref = 'refs/heads/main') =>
  dashboard.hub.hub.code.order({ repo: 'shop', ref, commit: null, who: 'grace' })
const commits = () => dashboard.hub.hub.code.repo('shop').commits.map(({ hash }) => hash)
const runThat = (outcome: string) =>
  dashboard.hub.hub.code
    .runs()
    .find((run) => run.outcome === outcome && run.repo === 'shop' && run.door === 'git')?.id ?? ''
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

/** Every page about code, with what is on it once it is drawn. */
const pages = (): readonly (readonly [string, string])[] => [
  ['/repos', '.repo-row'],
  ['/repos/shop', '.tree tr'],
  [`/repos/shop/file?path=${encodeURIComponent(`public/${hostileName}`)}`, '.source-text'],
  ['/repos/shop/file?path=public/turned.js&line=1', '.source-mark'],
  ['/repos/shop/blame?path=src/basket.js', '.blame tr'],
  ['/repos/shop/commits', '.commit-row'],
  [`/repos/shop/commits/${commits()[3] ?? ''}`, '.diff-text'],
  [`/repos/shop/commits/${commits()[3] ?? ''}?split=1`, '.diff-split'],
  [`/repos/infra/commits/${dashboard.hub.hub.code.repo('infra').commits[0]?.hash ?? ''}`, '.commit-plan'],
  [`/repos/infra/commits/${dashboard.hub.hub.code.repo('infra').commits[1]?.hash ?? ''}`, '.trouble'],
  ['/repos/shop/refs', '.refs .row'],
  ['/repos/shop/runs', '.row'],
  ['/repos/shop/tests', '.tests td'],
  ['/repos/shop/tests?sort=slow', '.tests td'],
  ['/runs', '.row'],
  [`/runs/${runThat('failed')}`, '.job-line'],
  [`/runs/${runThat('passed')}?job=stories`, '.log-step'],
  ['/train', '.train'],
]

test(
  'repositories say their head, their last run and where they are live, and lead to the code',
  options,
  async () => {
    const page = await signedIn('/repos')
    const row = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'shop' }) })
    await row.getByText('passed').waitFor()
    await row.getByRole('list', { name: 'where shop is live' }).getByText('shop@production').waitFor()
    await row.getByRole('link', { name: 'shop', exact: true }).click()
    await heading(page, 'shop')
    await page.getByText('Clone').click()
    await page.getByText('https://tandem.acme.example/git/shop.git').waitFor()
    await page.getByRole('link', { name: 'src/' }).click()
    await page.getByRole('link', { name: 'basket.js', exact: true }).click()
    await page.getByRole('region', { name: 'src/basket.js' }).getByText('timingSafeEqual').waitFor()
    await page.getByRole('link', { name: 'Blame' }).click()
    const blamed = page.getByRole('rowheader').first().getByRole('link').first()
    const hash = (await blamed.getAttribute('href'))?.split('/').at(-1) ?? ''
    assert.match(hash, /^[0-9a-f]{40}$/, 'links carry whole hashes')
    await blamed.click()
    await page.getByText(hash).waitFor()
    await page.context().close()
  },
)

test('a line of a file has an address of its own, which names the commit', options, async () => {
  const page = await signedIn('/repos/shop/file?path=src/basket.js')
  await page.locator('.source-numbers').click({ position: { x: 10, y: 10 + 20 * 6 + 8 } })
  await page.waitForURL(/line=7/)
  assert.match(page.url(), new RegExp(`ref=${commits()[0] ?? ''}`))
  await page.locator('.source-mark').waitFor()
  await page.context().close()
})

test('a commit shows what it says and alters, its runs, and where it is live', options, async () => {
  const live = dashboard.hub.hub.status().apps[0]
  const page = await signedIn(`/repos/shop/commits/${live?.commit ?? ''}`)
  await page.getByRole('region', { name: 'Live' }).getByText('shop@production').waitFor()
  await page
    .getByRole('region', { name: 'Live' })
    .getByRole('link', { name: live?.change ?? '' })
    .waitFor()
  await page.getByRole('region', { name: 'Runs' }).getByRole('link').first().waitFor()
  await page.goto(`${dashboard.hub.url}/repos/shop/commits/${commits()[3] ?? ''}`)
  const lock = page.locator('details', { hasText: 'package-lock.json' })
  assert.equal(await lock.locator('tr').count(), 0, 'a long file is folded, and not drawn')
  await lock.locator('summary').click()
  await lock.getByText('1,204 more lines not shown').waitFor()
  const first = page.locator('.diff').first()
  assert.match((await first.locator('.diff-added').first().textContent()) ?? '', /added: const days = 30/)
  await page.getByRole('link', { name: 'Side by side' }).click()
  await page.locator('.diff-split').first().waitFor()
  await page.context().close()
})

test(
  'pushes to the trunk are small lines between the changes, also those heard, and gone under a filter',
  options,
  async () => {
    const page = await signedIn('/')
    const pushes = page.locator('.push-row')
    await pushes.first().waitFor()
    const before = await pushes.count()
    const pushed = { type: 'pushed', from: null, to: commits()[0] ?? '', who: 'linus', door: 'git' } as const
    dashboard.hub.hub.code.aside('shop', { ...pushed, ref: 'refs/heads/topic', subject: 'not to the trunk' })
    dashboard.hub.hub.code.aside('shop', { ...pushed, ref: 'refs/heads/main', subject: '<b>just now</b>' })
    await pushes.getByText('linus pushed').getByText('<b>just now</b>').waitFor()
    assert.equal(await pushes.count(), before + 1)
    await page.getByLabel('Filter the changes').fill('ada')
    await pushes.first().waitFor({ state: 'detached' })
    await page.context().close()
  },
)

test('a deploy leads to the commit that it brings', options, async () => {
  const live = dashboard.hub.hub.status().apps[0]
  const page = await signedIn(`/changes/${live?.change ?? ''}`)
  await page.getByRole('definition').locator('.hash').click()
  await page.waitForURL(new RegExp(`/repos/shop/commits/${live?.commit ?? ''}$`))
  await page.getByRole('region', { name: 'Live' }).getByText('shop@production').waitFor()
  await page.context().close()
})

test('a run is followed from its order to its end, in the list and on its page', options, async () => {
  const page = await signedIn('/runs')
  await page.locator('.row').first().waitFor()
  dashboard.hub.hub.holdAt('test (node=24)')
  const { id } = order()
  const row = page.getByRole('listitem').filter({ has: page.getByText(id, { exact: true }) })
  await row.getByText('running', { exact: true }).waitFor()
  await row.getByRole('link').first().click()
  const jobs = page.getByRole('list', { name: `jobs of ${id}` })
  await jobs.getByText('after lint, test').waitFor()
  await page.getByRole('heading', { name: 'Log of test (node=24)' }).waitFor()
  await page.getByRole('log').getByText('added 214 packages').waitFor()
  dashboard.hub.hub.holdAt(null)
  await page.getByRole('definition').getByText('41d2aa90').waitFor()
  await page.locator('.change-status').getByText('passed', { exact: true }).waitFor()
  await becomes(() => page.title(), `${id} passed · shop`)
  await page.context().close()
})

test('a failed run opens at its failure, in colours that are only classes', options, async () => {
  const page = await signedIn(`/runs/${runThat('failed')}`)
  const bad = page.locator('.job-line-bad')
  await bad.getByText('✖ a parcel is promised').waitFor()
  assert.equal(await bad.locator('.ansi-red').count(), 1)
  await page
    .getByRole('log')
    .evaluate('element => (element.scrollTop = element.scrollHeight)')
    .catch(() => null)
  await page.getByRole('button', { name: 'First failure' }).click()
  await bad.waitFor()
  const other = page.locator('.log-step', { hasText: 'npm ci' })
  assert.equal(await other.locator('.job-line').count(), 0, 'other steps are folded')
  await other.locator('summary').click()
  await other.getByText('reify: 100 %').waitFor()
  assert.equal(await other.getByText('reify: 10 %').count(), 0)
  await page.context().close()
})

test('a long step draws its end, and more when somebody asks', options, async () => {
  const page = await signedIn(`/runs/${runThat('passed')}?job=stories`)
  await page.locator('summary', { hasText: 'play stories' }).click()
  await page.getByText('story 2600:').waitFor()
  await becomes(() => page.locator('.job-line').count(), 1_000)
  await page.getByRole('button', { name: 'Show 1,000 earlier lines' }).click()
  await page.getByText('story 601:').waitFor()
  await page.context().close()
})

test('a flaky job keeps the log of both tries', options, async () => {
  const page = await signedIn(`/runs/${runThat('flaky')}`)
  await page
    .getByRole('list', { name: /^jobs of/ })
    .locator('li', { hasText: 'flaky' })
    .getByRole('link')
    .click()
  await page.getByLabel('Try').selectOption('1')
  await page.waitForURL(/attempt=1/)
  await page.locator('.job-line-bad').waitFor()
  await page.context().close()
})

test('a run is cancelled, and run again, by button', options, async () => {
  dashboard.hub.hub.holdAt('lint')
  const { id } = order()
  const page = await signedIn(`/runs/${id}`)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Cancelling …' }).waitFor()
  dashboard.hub.hub.holdAt(null)
  await page.locator('.change-status').getByText('cancelled', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.waitForURL((address) => !address.pathname.endsWith(id))
  await page.locator('.change-status').getByText('passed', { exact: true }).waitFor()
  await page.context().close()
})

test('tests that fail name the commits that may have done it', options, async () => {
  const page = await signedIn('/repos/shop/tests')
  await page.getByText('one of them did it').waitFor()
  assert.equal(await page.locator('.test-facts .hash').count(), 3)
  await page.getByRole('link', { name: 'Slowest' }).click()
  await page.getByText('a name with <b>markup</b> & "quotes" stays a name').waitFor()
  assert.match((await page.getByRole('rowheader').first().textContent()) ?? '', /catalogue/)
  await page.context().close()
})

test(
  'the train says why it does not move; holding and releasing are seen by everybody',
  options,
  async () => {
    const [page, other] = [await signedIn('/train'), await signedIn('/train')]
    await page.getByText('frozen on Fridays from 16:00').waitFor()
    await page.getByRole('button', { name: 'Hold …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Hold back' })
    await dialog.getByLabel('Target').selectOption('shop@production')
    await dialog.getByLabel('Why').fill('the big sale')
    await dialog.getByRole('button', { name: 'Hold shop@production' }).click()
    await other.getByRole('list', { name: 'held back' }).getByText('the big sale').waitFor()
    await page.getByRole('button', { name: 'Release shop@production' }).click()
    await other.getByText('the big sale').first().waitFor({ state: 'detached' })
    await page
      .getByRole('region', { name: 'on its way to infra' })
      .getByRole('button', { name: 'Apply' })
      .click()
    await page.getByRole('dialog', { name: /^Apply [0-9a-f]{7} to all hosts\?$/ }).waitFor()
    await page.context().close()
    await other.context().close()
  },
)

test('a commit of the infrastructure shows its plan, and is applied from there', options, async () => {
  const [newest, broken, old] = dashboard.hub.hub.code.repo('infra').commits.map(({ hash }) => hash)
  const page = await signedIn(`/repos/infra/commits/${newest}`)
  const plan = page.getByRole('region', { name: 'Plan' })
  await plan.getByText('unit lego-renew.service').waitFor()
  await plan.getByText('could not be reached, healed when back: db1').waitFor()
  await plan.getByText(`tandem apply --commit ${newest?.slice(0, 12)}`).waitFor()
  await plan.getByRole('button', { name: 'Look again' }).click()
  await plan.getByRole('button', { name: 'Apply' }).click()
  const dialog = page.getByRole('dialog', { name: `Apply ${newest?.slice(0, 7)} to all hosts?` })
  await becomes(async () => (await dialog.getByLabel('Why').inputValue()) !== '', true)
  await page.goto(`${dashboard.hub.url}/repos/infra/commits/${broken}`)
  await plan.getByRole('alert').getByText("did you mean 'version'?").waitFor()
  assert.equal(await plan.getByRole('button', { name: 'Apply' }).count(), 0)
  await page.goto(`${dashboard.hub.url}/repos/infra/commits/${old}`)
  await plan.getByText('web1, web2: nothing to do').waitFor()
  assert.equal(await plan.getByRole('button', { name: 'Apply' }).count(), 0)
  await page.context().close()
})

test('a repository is made by button, and says how to push to it', options, async () => {
  const page = await signedIn('/repos')
  await page.getByRole('button', { name: 'New repository' }).click()
  const dialog = page.getByRole('dialog', { name: 'New repository' })
  await dialog.getByLabel('Name').fill('shop')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await dialog.getByRole('alert').getByText('there is a repository shop already').waitFor()
  await dialog.getByLabel('Name').fill('cellar')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('git remote add tandem https://tandem.acme.example/git/cellar.git').waitFor()
  await page.context().close()
})

test('what others have named and written stays words on every page', options, async () => {
  const page = await signedIn('/')
  const dialogs: string[] = []
  page.on('dialog', (dialog) => void dialogs.push(dialog.message()))
  for (const [path, drawn] of pages()) {
    await page.goto(dashboard.hub.url + path)
    await page.locator(drawn).first().waitFor()
    const made = await page.evaluate(
      'document.querySelectorAll("#app script, #app img, #app [onerror]").length',
    )
    assert.equal(made, 0, path)
    const strange = await page.evaluate<readonly string[]>(
      '[...document.querySelectorAll("#app a")].map((link) => link.protocol).filter((one) => !["http:", "https:"].includes(one))',
    )
    assert.deepEqual(strange, [], path)
  }
  await page.goto(`${dashboard.hub.url}/repos/shop/file?path=public/turned.js`)
  await page.getByText('<U+202E>').waitFor()
  await page.goto(`${dashboard.hub.url}/repos/shop`)
  await page.getByText("<script>alert('a README is only words')</script>").waitFor()
  assert.deepEqual(dialogs, [])
  await page.context().close()
})

test('no page about code is wider than a narrow phone', options, async () => {
  const page = await signedIn('/', { width: 360 })
  for (const [path, drawn] of pages()) {
    await page.goto(dashboard.hub.url + path)
    await page.locator(drawn).first().waitFor()
    assert.deepEqual(await page.evaluate(tooWide), [], path)
  }
  await page.goto(`${dashboard.hub.url}/repos/shop`)
  await page.getByText('Clone').click()
  await page.getByText('https://tandem.acme.example/git/shop.git').waitFor()
  assert.deepEqual(await page.evaluate(tooWide), [], 'clone')
  await page.context().close()
})

test('their controls have names and their words contrast, in light and in dark', options, async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await signedIn('/', { colorScheme })
    for (const [path, drawn] of pages()) {
      await page.goto(dashboard.hub.url + path)
      await page.locator(drawn).first().waitFor()
      assert.deepEqual(await page.evaluate(nameless), [], `${path}, ${colorScheme}`)
      assert.deepEqual(await page.evaluate(lowContrast), [], `${path}, ${colorScheme}`)
    }
    await page.context().close()
  }
})

test('code, runs and train are reached by keyboard alone', options, async () => {
  const page = await signedIn('/')
  await page.locator('.row').first().waitFor()
  for (const [key, name] of [
    ['c', 'Code'],
    ['r', 'Runs'],
    ['n', 'Train'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await heading(page, name)
  }
  await page.context().close()
})

test('somebody who may only look is offered nothing to order', options, async () => {
  const page = await signedIn('/', { token: 'tandem-look' })
  for (const [path, drawn] of pages()) {
    await page.goto(dashboard.hub.url + path)
    await page.locator(drawn).first().waitFor()
    const offered = page.getByRole('button', { name: /New repository|Run again|Cancel|Hold|Release|Apply/ })
    assert.equal(await offered.count(), 0, path)
  }
  await page.context().close()
})

test('what is not there says so', options, async () => {
  const page = await signedIn('/')
  for (const path of [
    '/repos/nobody',
    '/repos/shop/file?path=nowhere',
    `/repos/shop/commits/${'0'.repeat(40)}`,
    '/runs/r99999',
  ]) {
    await page.goto(dashboard.hub.url + path)
    await page
      .getByRole('alert')
      .first()
      .getByText(/there is no/)
      .waitFor()
  }
  await page.context().close()
})

test('the browser had nothing to complain about on these pages', options, () => {
  assert.deepEqual(dashboard.complaints, [])
})
