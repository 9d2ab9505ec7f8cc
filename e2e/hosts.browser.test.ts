import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes } from './becomes.ts'
import { browserOptions as options, dashboardOfTests, openDashboard } from './dashboard.ts'
import { tooWide } from './page-faults.ts'

const dashboard = dashboardOfTests()
const { signedIn } = dashboard

test('hosts are filtered by role, by group and by how they stand', options, async () => {
  const page = await signedIn('/hosts')
  const names = page.getByRole('rowheader')
  const shown = () => names.allTextContents()
  await becomes(() => names.count(), 8)
  await page.getByLabel('Role or group').selectOption('frankfurt')
  await becomes(shown, ['idx1', 'idx2', 'db1', 'vault'])
  await page.getByLabel('Filter the hosts').fill('as its recipes')
  await becomes(shown, ['db1'])
  await page.reload()
  await becomes(shown, ['db1'])
  await page.getByLabel('Filter the hosts').fill('nobody')
  await page.getByText('No host fits this filter.').waitFor()
  await page.getByLabel('Filter the hosts').fill('')
  await page.getByLabel('Role or group').selectOption('')
  await page.getByRole('status').getByRole('link', { name: '2 differ' }).click()
  await becomes(shown, ['web2', 'idx1'])
  await page.getByRole('row', { name: /^web2/ }).getByRole('link', { name: 'production' }).click()
  await page.getByRole('row', { name: /^db1/ }).waitFor()
  await becomes(() => page.getByRole('row', { name: /^vault/ }).count(), 0)
  await page.context().close()
})

test('every page says how many hosts differ from their recipes', options, async () => {
  const page = await signedIn('/')
  const link = page.getByRole('navigation').getByRole('link', { name: /2 hosts differ from their recipes/ })
  await link.click()
  await page.getByRole('heading', { level: 1, name: 'Hosts' }).waitFor()
  await page.context().close()
})

test('looking now says anew how each host stands, and when', options, async () => {
  const page = await signedIn('/hosts')
  const web1 = page.getByRole('row', { name: /^web1/ })
  await web1.getByText(/looked at \d+ min ago/).waitFor()
  await page.getByRole('button', { name: 'Look now' }).click()
  await web1.getByText('looked at just now').waitFor()
  await page
    .getByRole('row', { name: /^stage1/ })
    .getByText('away')
    .waitFor()
  await page.context().close()
})

test('a look that the hub refuses says why', options, async () => {
  const page = await signedIn('/hosts')
  const trouble = { what: 'no host has a recipe', where: 'tandem.ts', now: 'write one' }
  // An answer that took long has begun with status 200 before it is refused.
  await page.route('**/api/drift', (route) => route.fulfill({ json: { trouble, status: 409 } }))
  await page.getByRole('button', { name: 'Look now' }).click()
  await page.getByRole('alert').getByText('no host has a recipe').waitFor()
  await becomes(() => page.getByRole('button', { name: 'Look now' }).isEnabled(), true)
  await page.context().close()
})

test(
  'a host shows what differs, since when, who probably did it, and what is in no recipe',
  options,
  async () => {
    const page = await signedIn('/hosts/web2')
    const findings = page.getByRole('list', { name: 'what differs on web2' })
    await findings.getByText('file /etc/nginx/nginx.conf').waitFor()
    await findings.getByText('recipes/web.ts:14:3').waitFor()
    await findings.getByText('host moved').first().waitFor()
    const evidence = page.getByRole('list', { name: 'evidence of file /etc/nginx/nginx.conf' })
    await evidence.getByText(/grace .*COMMAND=.*vi nginx\.conf/).waitFor()
    const gone = findings.locator('.plan-line', { hasText: 'goes: ' })
    assert.match((await gone.first().textContent()) ?? '', /keepalive_timeout 5;/)
    const unmanaged = page.getByText('/etc/nginx/nginx.conf.bak')
    assert.equal(await unmanaged.isVisible(), false)
    await page.getByText('Altered, but in no recipe').click()
    await unmanaged.waitFor()
    assert.equal(await findings.getByText('nginx.conf.bak').count(), 0)
    await page.context().close()
  },
)

test('a host shows its facts, and the changes that touched it alone', options, async () => {
  const page = await signedIn('/hosts/idx1')
  const facts = page.getByRole('region', { name: 'Facts' })
  await facts.getByText('debian 12 bookworm').waitFor()
  await facts.getByText('7.8 GB').waitFor()
  const changes = page.getByRole('region', { name: 'Changes' })
  await changes
    .getByRole('link', { name: /deploy search/ })
    .first()
    .waitFor()
  await changes
    .getByRole('link', { name: /apply to .*idx1/ })
    .first()
    .waitFor()
  assert.equal(await changes.getByRole('link', { name: /deploy shop|run uptime|drift on web2/ }).count(), 0)
  await page.context().close()
})

test('a long diff is folded until somebody opens it', options, async () => {
  const page = await signedIn('/hosts/idx1')
  const line = page.getByText('upstream_8 10.0.3.19:8080 max_fails=3;')
  await page.getByText('18 lines (+9 −9)').waitFor()
  assert.equal(await line.isVisible(), false)
  await page.getByText('18 lines (+9 −9)').click()
  await line.waitFor()
  assert.equal(await page.getByRole('button', { name: 'Mend' }).count(), 0, 'only its recipe has moved')
  await page.context().close()
})

test('an apply shows its plan, wants a reason, and orders what was shown', options, async () => {
  const page = await signedIn('/hosts?among=web')
  await page.getByRole('button', { name: 'Apply' }).click()
  const dialog = page.getByRole('dialog', { name: 'Apply to 4 hosts?' })
  const plan = dialog.getByRole('list', { name: 'what will change' })
  await plan.getByText('web1, web2, web3').waitFor()
  await plan.getByText('cannot be undone: the keys before it are gone').waitFor()
  await dialog.getByText('could not be reached, healed when back: stage1').waitFor()
  const apply = dialog.getByRole('button', { name: 'Apply to 4 hosts' })
  assert.equal(await apply.isDisabled(), true)
  await dialog.getByLabel('Why').fill('certificates renew by themselves')
  const asked = page.waitForRequest(
    (request) => request.url().endsWith('/api/changes') && request.method() === 'POST',
  )
  await apply.click()
  const { kind, wish } = (await asked).postDataJSON() as Readonly<{ kind: string; wish: object }>
  assert.equal(kind, 'apply')
  assert.deepEqual(wish, {
    do: 'recipes',
    on: ['web1', 'web2', 'web3', 'stage1'],
    drift: false,
    seen: { web1: { all: 'd1' }, web2: { all: 'd1' }, web3: { all: 'd1' } },
  })
  await page.waitForURL(/\/changes\/c\d+$/)
  await page.locator('.badge', { hasText: 'done' }).waitFor()
  await page.getByRole('row', { name: /^web3/ }).getByText('apply').waitFor()
  await page.getByText('recipes/web.ts:22:3').waitFor()
  await page.context().close()
})

test(
  'mending puts back what was altered on one host, and it is as its recipes say afterwards',
  options,
  async (t) => {
    const own = await openDashboard()
    t.after(() => own.close())
    const page = await own.signedIn('/hosts')
    await page.getByRole('button', { name: 'Mend web2' }).click()
    const dialog = page.getByRole('dialog', { name: 'Mend web2?' })
    await dialog.getByText('keepalive_timeout 65;').waitFor()
    assert.equal(await dialog.getByText('lego-renew').count(), 0)
    assert.equal(await dialog.getByLabel('Why').inputValue(), 'put right what has drifted on web2')
    await dialog.getByRole('button', { name: 'Mend web2' }).click()
    await page.locator('.badge', { hasText: 'done' }).waitFor()
    await page.goto(`${own.hub.url}/hosts`)
    const row = page.getByRole('row', { name: /^web2/ })
    await row.getByText('changed since the last look').waitFor()
    await page.getByRole('button', { name: 'Look now' }).click()
    await row.getByText('as its recipes say').waitFor()
    assert.deepEqual(own.complaints, [])
  },
)

test(
  'drift that was written down looks like what it is, and can be mended but not reverted',
  options,
  async () => {
    const page = await signedIn('/')
    const row = page.getByRole('listitem').filter({ hasText: 'drift on web2' }).first()
    await row.getByText('found', { exact: true }).waitFor()
    await row.getByText('by clock').waitFor()
    await row.getByRole('link').first().click()
    await page.getByRole('heading', { name: 'What was found' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Revert' }).count(), 0)
    await page.getByRole('button', { name: 'Mend' }).click()
    await page.getByRole('dialog', { name: 'Mend web2?' }).waitFor()
    await page.context().close()
  },
)

test('somebody who may only look may look now, and is offered nothing to order', options, async () => {
  const page = await signedIn('/hosts', { token: 'tandem-look' })
  for (const path of ['/hosts', '/hosts/web2', '/changes/c67']) {
    await page.goto(dashboard.hub.url + path)
    await page
      .getByText(/nginx|web2/)
      .first()
      .waitFor()
    assert.equal(await page.getByRole('button', { name: /Mend|Apply|Revert/ }).count(), 0, path)
  }
  await page.goto(`${dashboard.hub.url}/hosts/web2`)
  await page.getByRole('button', { name: 'Look now' }).click()
  await page.getByText('looked at just now').waitFor()
  await page.context().close()
})

test('the hosts are reached, filtered and asked about by keyboard alone', options, async () => {
  const page = await signedIn('/')
  await page.locator('.row').first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await page.getByRole('heading', { level: 1, name: 'Hosts' }).waitFor()
  await page.keyboard.press('/')
  await page.locator('#filter:focus').waitFor()
  await page.keyboard.type('web3')
  await page.getByRole('row', { name: /^web2/ }).waitFor({ state: 'detached' })
  await page.keyboard.press('Tab')
  await becomes(() => page.evaluate('document.activeElement.textContent'), 'web3')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'web3' }).waitFor()
  await page.context().close()
})

test('the pages of hosts and the plan of an apply fit on a narrow phone', options, async () => {
  const page = await signedIn('/hosts', { width: 360 })
  for (const path of ['/hosts', '/hosts/web2', '/hosts/idx2', '/hosts/nobody']) {
    await page.goto(dashboard.hub.url + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.deepEqual(await page.evaluate(tooWide), [], path)
  }
  await page.goto(`${dashboard.hub.url}/hosts/web2`)
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('list', { name: 'what will change' }).waitFor()
  assert.deepEqual(await page.evaluate(tooWide), [], 'apply dialog')
  await page.context().close()
})

test('the browser had nothing to complain about on these pages', options, () => {
  assert.deepEqual(dashboard.complaints, [])
})
