import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes } from './becomes.ts'
import { browserOptions as options, dashboardOfTests } from './dashboard.ts'
import { lowContrast, nameless, tooWide } from './page-faults.ts'
import type { Page } from 'playwright-core'

const pages = ['/', '/apps', '/hosts', '/hosts/web2', '/changes/c66', '/changes/c67', '/changes/c68'] as const

const dashboard = dashboardOfTests()
const { opened, signedIn } = dashboard

const order = (ref: string, why: string) =>
  dashboard.hub.hub.order(
    { kind: 'deploy', wish: { app: 'shop', environment: 'production', ref }, why },
    'grace',
  )

const distanceToEnd = `(() => {
  const box = document.querySelector('.log')
  return Math.round(box.scrollHeight - box.scrollTop - box.clientHeight)
})()`

const focused = (page: Page) =>
  page.evaluate<string>(
    'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
  )

test(
  'somebody unknown is asked for a token, told when it is wrong, and let in when it is right',
  options,
  async () => {
    const page = await opened()
    await page.goto(`${dashboard.hub.url}/apps`)
    const field = page.getByLabel('Token')
    assert.equal(await field.getAttribute('type'), 'password')
    assert.equal(await field.getAttribute('autocomplete'), 'off')
    await field.fill('guess')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('nobody has this token').waitFor()
    await field.fill('tandem-dev')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor()
    await page.context().close()
  },
)

test('a link with a token signs in and leaves the token nowhere', options, async () => {
  const page = await signedIn('/apps')
  await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor()
  assert.equal(page.url(), `${dashboard.hub.url}/apps`)
  assert.equal(await page.evaluate('document.documentElement.outerHTML.includes("tandem-dev")'), false)
  assert.equal(
    await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })'),
    '{}',
  )
  await page.goBack().catch(() => null)
  assert.doesNotMatch(page.url(), /token/)
  await page.goto(`${dashboard.hub.url}/login`)
  await page.waitForURL(`${dashboard.hub.url}/`)
  await page.context().close()
})

test('the timeline shows a deploy from its order to its end without being touched', options, async () => {
  const page = await signedIn('/')
  await page.locator('.row').first().waitFor()
  dashboard.hub.hub.holdAt('switch web1')
  const id = order('main', 'a basket that remembers')
  await page.getByText('Today').waitFor()
  const row = page.getByRole('listitem').filter({ hasText: 'a basket that remembers' })
  await row.getByText('running', { exact: true }).waitFor()
  await row.getByRole('progressbar').waitFor()
  await becomes(() => page.title(), `${id} running · shop`)
  dashboard.hub.hub.holdAt(null)
  await row.getByText('done', { exact: true }).waitFor()
  await page.getByRole('region', { name: 'live now' }).getByRole('link', { name: id }).waitFor()
  await page
    .locator('[aria-live=polite].unseen')
    .filter({ hasText: new RegExp(`^${id} .*: done$`) })
    .waitFor({ state: 'attached' })
  await page.context().close()
})

test(
  'the timeline is filtered by target and by words, and older changes can be loaded',
  options,
  async () => {
    const page = await signedIn('/')
    const rows = page.locator('.row')
    await rows.first().waitFor()
    const before = await rows.count()
    await page.getByRole('button', { name: 'Load older' }).click()
    await page.getByText('This is where it began.').waitFor()
    await becomes(async () => before < (await rows.count()), true)
    await page.getByLabel('Target').selectOption('shop@production')
    await page.getByLabel('Filter the changes').fill('linus undone')
    const fits = (texts: readonly string[]) => texts.every((text) => /undone.*linus/.test(text))
    await becomes(async () => fits(await rows.allTextContents()), true)
    assert.notEqual(await rows.count(), 0)
    await page.reload()
    await rows.first().waitFor()
    assert.equal(await page.getByLabel('Filter the changes').inputValue(), 'linus undone')
    await page.context().close()
  },
)

test('what is loaded under a filter leaves no holes in the list of all', options, async () => {
  const page = await signedIn('/')
  const rows = page.locator('.row')
  await rows.first().waitFor()
  const all = await rows.count()
  await page.getByLabel('Target').selectOption('search@production')
  await page.getByText('This is where it began.').waitFor()
  await page.getByLabel('Target').selectOption('')
  await becomes(() => rows.count(), all)
  await page.getByRole('button', { name: 'Load older' }).click()
  await page.getByText('This is where it began.').waitFor()
  await becomes(() => rows.count(), dashboard.hub.hub.ledger.views().length)
  await page.context().close()
})

test('the page of a change follows its stages, its steps and its log', options, async () => {
  dashboard.hub.hub.holdAt('switch web1')
  const id = order('main', 'look at it closely')
  const page = await signedIn(`/changes/${id}`)
  await page.getByRole('columnheader', { name: 'canary running' }).waitFor()
  dashboard.hub.hub.holdAt(null)
  await page.getByRole('columnheader', { name: 'settle done' }).waitFor()
  const cell = page.getByRole('row', { name: /^web1/ }).getByRole('cell').first()
  assert.match((await cell.textContent()) ?? '', /send.*unpack/)
  const log = page.getByRole('log')
  await log.getByText('GET /healthz 200').first().waitFor()
  await becomes(() => page.evaluate(distanceToEnd), 0)
  await page.getByLabel('Host').selectOption('web2')
  await becomes(async () => (await log.textContent())?.includes('web1'), false)
  await page.getByText('requests: 1,204 on the new release').first().waitFor()
  const entry = page.getByText('got the lease on its target')
  assert.equal(await entry.isVisible(), false)
  await page.getByText('Ledger').click()
  await entry.waitFor()
  await page.context().close()
})

test('a change that failed says what, where, the last lines and what to do now', options, async () => {
  const page = await signedIn(`/changes/${order('bad', 'this will not start')}`)
  const trouble = page.getByRole('alert')
  await trouble.waitFor()
  for (const text of ['did not answer /healthz', 'web2', 'Cannot find module', 'fix the module path'])
    assert.match((await trouble.textContent()) ?? '', new RegExp(text))
  await page.getByRole('columnheader', { name: 'rest failed' }).waitFor()
  await page.getByRole('columnheader', { name: 'settle not reached' }).waitFor()
  await page.context().close()
})

test('reverting says what it will do, wants a reason, and leads to the new change', options, async () => {
  const id = order('main', 'to be taken back')
  const page = await signedIn(`/changes/${id}`)
  await page.getByRole('button', { name: 'Revert' }).click()
  const dialog = page.getByRole('dialog', { name: `Revert ${id}?` })
  await dialog.getByText(`takes ${id} back`).waitFor()
  await dialog.getByRole('list', { name: 'what will change' }).waitFor()
  const revert = dialog.getByRole('button', { name: `Revert ${id}` })
  assert.equal(await revert.isDisabled(), true)
  await dialog.getByLabel('Why').fill('orders fail')
  await revert.click()
  await page.waitForURL(/\/changes\/c\d+$/)
  await page.locator('.badge', { hasText: 'done' }).waitFor()
  await page.getByRole('definition').getByRole('link', { name: id }).click()
  await page.locator('.badge', { hasText: 'reverted' }).waitFor()
  await becomes(() => page.getByRole('button', { name: 'Revert' }).count(), 0)
  await page.context().close()
})

test('deploying shows the plan first, and another ref needs another plan', options, async () => {
  const page = await signedIn('/apps')
  await page.getByRole('button', { name: 'Deploy shop@production' }).click()
  const dialog = page.getByRole('dialog', { name: 'Deploy shop to production' })
  await dialog.getByLabel('Branch, tag or commit').fill('nowhere')
  await dialog.getByLabel('Why').fill('a new basket')
  await dialog.getByRole('button', { name: 'Show the plan' }).click()
  await dialog.getByRole('alert').getByText('is in no branch or tag').waitFor()
  await dialog.getByLabel('Branch, tag or commit').fill('main')
  await dialog.getByRole('button', { name: 'Show the plan' }).click()
  await dialog.getByRole('button', { name: 'Deploy to production' }).waitFor()
  await dialog.getByLabel('Branch, tag or commit').fill('main2')
  await becomes(() => dialog.getByRole('button', { name: 'Deploy to production' }).count(), 0)
  await dialog.getByRole('button', { name: 'Show the plan' }).click()
  await dialog.getByRole('button', { name: 'Deploy to production' }).click()
  await page.waitForURL(/\/changes\/c\d+$/)
  await page.getByText('a new basket').first().waitFor()
  await page.locator('.badge', { hasText: 'done' }).waitFor()
  await page.context().close()
})

test('an open change can be stopped, and is put back', options, async () => {
  dashboard.hub.hub.holdAt('switch web1')
  const id = order('main', 'stopped halfway')
  const page = await signedIn(`/changes/${id}`)
  await page.getByRole('columnheader', { name: 'canary running' }).waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  const dialog = page.getByRole('dialog', { name: `Stop ${id}?` })
  await dialog.getByText('is put back, newest first').waitFor()
  await dialog.getByRole('button', { name: 'Stop and put back' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('ada asked it to stop').first().waitFor()
  await becomes(() => page.getByRole('button', { name: 'Stop' }).count(), 0)
  dashboard.hub.hub.holdAt(null)
  await page.locator('.badge', { hasText: 'undone' }).waitFor()
  await page.context().close()
})

test('everything is reached by keyboard alone', options, async () => {
  const page = await signedIn('/')
  await page.locator('.row').first().waitFor()
  await page.keyboard.press('Tab')
  await becomes(() => focused(page), 'Skip to the content')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await keys.waitFor()
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'detached' })
  await becomes(() => focused(page), 'Skip to the content')
  await page.keyboard.press('/')
  await page.locator('#filter:focus').waitFor()
  await page.keyboard.type('ga')
  await becomes(() => page.getByLabel('Filter the changes').inputValue(), 'ga')
  await page.keyboard.press('Tab')
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor()
  await becomes(() => focused(page), 'Apps')
  for (let presses = 0; presses < 10 && (await focused(page)) !== 'Deploy shop@production'; presses += 1)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator('dialog input:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  await becomes(() => focused(page), 'Deploy shop@production')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Cancel' }).press('Enter')
  await becomes(() => focused(page), 'Deploy shop@production')
  await page.context().close()
})

test('no page is wider than a narrow phone', options, async () => {
  const id = order('main', 'long'.repeat(60))
  const page = await signedIn('/', { width: 360 })
  for (const path of [...pages, `/changes/${id}`]) {
    await page.goto(dashboard.hub.url + path)
    await page.locator('.row, tbody tr, .log, .plan-lines').first().waitFor()
    assert.deepEqual(await page.evaluate(tooWide), [], path)
  }
  await page.goto(`${dashboard.hub.url}/apps`)
  await page.getByRole('button', { name: 'Deploy search@production' }).click()
  assert.deepEqual(await page.evaluate(tooWide), [], 'deploy dialog')
  await page.context().close()
})

test(
  'every control has a name, every page one heading, in light and in dark with enough contrast',
  options,
  async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await signedIn('/', { colorScheme })
      const ground = await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
      assert.equal(ground, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(18, 19, 23)')
      for (const path of pages) {
        await page.goto(dashboard.hub.url + path)
        await page.locator('.row, tbody tr, .log, .plan-lines').first().waitFor()
        assert.deepEqual(await page.evaluate(nameless), [], `${path}, ${colorScheme}`)
        assert.deepEqual(await page.evaluate(lowContrast), [], `${path}, ${colorScheme}`)
      }
      await page.context().close()
    }
  },
)

test(
  'a session that ended asks for a token and then shows the page that was asked for',
  options,
  async () => {
    const page = await signedIn('/hosts')
    await page.getByRole('cell', { name: 'deploy@10.0.3.11' }).waitFor()
    dashboard.hub.expire()
    dashboard.hub.cut()
    await page.getByLabel('Token').fill('tandem-dev')
    assert.equal(await page.getByText('deploy@10.0.3.11').count(), 0)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('cell', { name: 'deploy@10.0.3.11' }).waitFor()
    await page.context().close()
  },
)

test(
  'a lost connection is said quietly, and what happened meanwhile is caught up with',
  options,
  async () => {
    const page = await signedIn('/')
    await page.locator('.row').first().waitFor()
    await page.context().setOffline(true)
    dashboard.hub.cut()
    await page.getByText('Connection lost, retrying').waitFor()
    order('main', 'while nobody was looking')
    await page.context().setOffline(false)
    const row = page.getByRole('listitem').filter({ hasText: 'while nobody was looking' })
    await row.getByText('done', { exact: true }).waitFor()
    await becomes(() => page.getByText('Connection lost').count(), 0)
    await page.context().close()
  },
)

test('somebody who may only look is offered nothing to order', options, async () => {
  const page = await signedIn('/apps', { token: 'tandem-look' })
  await page.getByRole('row').first().waitFor()
  assert.equal(await page.getByRole('button', { name: /Deploy|Revert/ }).count(), 0)
  await page.goto(`${dashboard.hub.url}/changes/c66`)
  await page.getByRole('log').waitFor()
  assert.equal(await page.getByRole('button', { name: /Stop|Revert/ }).count(), 0)
  await page.context().close()
})

test(
  'the browser had nothing to complain about: no refused script or style, no thrown error',
  options,
  () => {
    assert.deepEqual(dashboard.complaints, [])
  },
)
