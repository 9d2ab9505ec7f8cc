import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes } from './becomes.ts'
import { browserOptions as options, dashboardOfTests } from './dashboard.ts'
import { lowContrast, nameless, tooWide } from './page-faults.ts'

const dashboard = dashboardOfTests()
const { signedIn } = dashboard

/** Every page about flags, with what is on it once it is drawn. */
const pages: readonly (readonly [string, string])[] = [
  ['/flags', '.flag-row'],
  ['/flags/checkout.new-button', '.flag-rule'],
  ['/flags/prices.rounded?environment=production', '.flag-rule'],
  ['/flags/banner.text', '.flag-rule'],
  ['/flags/recommendations.shed', '.facts'],
  ['/segments', '.rows .row'],
]

test('flags say how they stand, whose they are and what programs get from them', options, async () => {
  const page = await signedIn('/flags')
  const row = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('link', { name: 'checkout.new-button' }) })
  await row.getByText('on by rules').waitFor()
  await row.getByText(/in 24 h: off \d+ %, on \d+ %/).waitFor()
  await row.getByText('grace', { exact: true }).waitFor()
  await page.getByText('expired 2020-01-01').waitFor()
  await page.getByRole('searchbox').fill('knob')
  await page.getByRole('link', { name: 'recommendations.shed' }).waitFor()
  await becomes(() => page.locator('.flag-row').count(), 1)
  await page.getByRole('combobox', { name: 'Environment' }).selectOption('staging')
  await page.getByText('There is no flag in staging yet.').waitFor()
  await page.context().close()
})

test('one press kills a flag, and another one brings it back', options, async () => {
  const page = await signedIn('/flags')
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'search.fuzzy' }) })
  await row.getByText('on for all').waitFor()
  await row.getByRole('button', { name: 'Kill search.fuzzy' }).click()
  await row.getByText('off', { exact: true }).waitFor()
  await row.getByRole('button', { name: 'Switch search.fuzzy on' }).click()
  await row.getByText('on for all').waitFor()
  const [last] = dashboard.hub.hub.ledger.views().filter(({ kind }) => kind === 'flip')
  assert.equal(last?.who, 'ada')
  await page.context().close()
})

test(
  'the slider shows whom it would reach and what becomes another, before it is saved',
  options,
  async () => {
    const page = await signedIn('/flags/checkout.new-button')
    await page.getByRole('button', { name: 'Share …' }).click()
    const slider = page.getByRole('slider')
    await page.getByText('Of the 400 people seen lately:').waitFor()
    const before = await page.locator('dialog .reach strong').allTextContents()
    await slider.fill('80')
    await page.getByText('25 % of country').first().waitFor()
    await page.locator('.plan-line', { hasText: '80 % of' }).waitFor()
    await page.waitForFunction(
      `document.querySelector('dialog .reach li:last-child strong')?.textContent !== ${JSON.stringify(before.at(-1))}`,
    )
    const save = page.getByRole('button', { name: 'Save' })
    assert.equal(await save.isDisabled(), true, 'without a reason nothing is saved')
    await page.getByRole('textbox', { name: 'Why' }).fill('the numbers are good')
    await save.click()
    await page.waitForURL(/\/changes\/c\d+/)
    await page.getByText('the numbers are good').first().waitFor()
    const { rules = [] } = dashboard.hub.hub.flags.flag('checkout.new-button', null).flag.flag
    assert.deepEqual(
      [rules[1]?.share?.weight, rules[1]?.share?.of, rules[1]?.share?.salt],
      [8000, 10_000, 'k3n9:'],
    )
    await page.context().close()
  },
)

test('what is written as a definition is checked before it can be saved', options, async () => {
  const page = await signedIn('/flags/search.fuzzy')
  await page.getByRole('button', { name: 'Edit …' }).click()
  await page.getByRole('button', { name: 'JSON' }).click()
  const text = page.getByLabel('Definition')
  await text.fill('{ nothing')
  await page.getByText('This is no JSON').waitFor()
  await text.fill('{ "type": "boolean" }')
  await page
    .locator('dialog')
    .getByText(/this is no flag/)
    .first()
    .waitFor()
  assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true)
  await page.context().close()
})

test('a rule is built by the keyboard, looked at, and saved as it was meant', options, async () => {
  const page = await signedIn('/flags/search.fuzzy')
  await page.getByRole('button', { name: 'Edit …' }).click()
  await page.getByRole('button', { name: 'Add a rule' }).press('Enter')
  const rule = page.getByRole('group', { name: 'rule 1' })
  await rule.getByRole('textbox', { name: 'Name of the rule' }).fill('adults of Germany')
  await rule.getByRole('button', { name: 'Only for some' }).press('Enter')
  await rule.getByRole('combobox', { name: 'Kind of condition' }).selectOption('all of these hold')
  await rule.getByRole('button', { name: 'Add a condition' }).press('Enter')
  const [first, second] = [0, 1].map((at) => rule.locator('.condition-inside .condition').nth(at))
  assert.ok(first !== undefined && second !== undefined)
  await first.getByRole('textbox', { name: 'Attribute' }).fill('country')
  await first.getByRole('textbox', { name: 'Value' }).fill('DE')
  await second.getByRole('textbox', { name: 'Attribute' }).fill('age')
  await second.getByRole('combobox', { name: 'Operator' }).selectOption('is at least')
  await second.getByRole('textbox', { name: 'Value' }).fill('old')
  await page
    .locator('dialog')
    .getByText(/number/)
    .first()
    .waitFor()
  await second.getByRole('textbox', { name: 'Value' }).fill('18')
  await rule.getByRole('checkbox', { name: 'only a share of them' }).check()
  await rule.getByRole('spinbutton', { name: 'Percent of them' }).fill('12.5')
  await rule.getByRole('combobox', { name: 'gives' }).selectOption('off')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByRole('button', { name: 'Decide rule 2 earlier' }).click()
  await page.getByRole('button', { name: 'Take rule 1 out' }).click()
  await page.locator('.plan-line', { hasText: '12.5 % of country equals "DE" and age at-least 18' }).waitFor()
  await page.getByRole('textbox', { name: 'Why', exact: true }).fill('adults first')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/\/changes\/c\d+/)
  await page.getByText('adults first').first().waitFor()
  const { rules = [] } = dashboard.hub.hub.flags.flag('search.fuzzy', null).flag.flag
  const [saved] = rules
  assert.deepEqual(rules.length, 1)
  assert.deepEqual(saved, {
    id: saved?.id,
    serve: 'off',
    name: 'adults of Germany',
    when: {
      all: [
        { attribute: 'country', op: 'equals', value: 'DE' },
        { attribute: 'age', op: 'at-least', value: 18 },
      ],
    },
    share: { hash: 'tandem-1', salt: `${saved?.id}:`, weight: 1250, of: 10_000 },
  })
  await page.context().close()
})

test('a flag is made where flags are looked at', options, async () => {
  const page = await signedIn('/flags')
  await page.getByRole('button', { name: 'New flag …' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('cache-seconds')
  await page.getByRole('combobox', { name: 'Type' }).selectOption('number')
  await page.getByRole('button', { name: 'Add a variant' }).click()
  const second = page.getByRole('group', { name: 'variant 2' })
  await second.getByRole('textbox', { name: 'Name of the variant' }).fill('long')
  await second.getByRole('textbox', { name: 'Its value' }).fill('300')
  await page.locator('.plan-line', { hasText: 'variant long: 300' }).waitFor()
  await page.getByRole('textbox', { name: 'Why', exact: true }).fill('the database is slow')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/\/changes\/c\d+/)
  assert.deepEqual(dashboard.hub.hub.flags.flag('cache-seconds', null).flag.flag.variants, {
    usual: 0,
    long: 300,
  })
  await page.context().close()
})

test('a bound knob says what turns it, what was seen last, and why it is left alone', options, async () => {
  const page = await signedIn('/flags/recommendations.shed')
  const fact = (name: string) =>
    page.locator('.fact, dl > div').filter({ has: page.getByText(name, { exact: true }) })
  await fact('Turned by itself')
    .getByText(/^10 towards 100 each 30 s while max\(page_p99_ms\) is above 800; 10 back each 2 min 30 s/)
    .waitFor()
  await fact('Last look')
    .getByText(/: it was 640\.25: ada turned it by hand$/)
    .waitFor()
  const turn = fact('Last turn')
  await turn.getByText(/turned from 0 to 10$/).waitFor()
  assert.equal(await turn.getByRole('link', { name: 'c38' }).getAttribute('href'), '/changes/c38')
  await fact('Left alone')
    .getByText(/^paused until \d\d:\d\d:\d\d: ada turned it with c39$/)
    .waitFor()
  await page.context().close()
})

test('a knob that is bound to nothing, and a flag without one, say nothing of it', options, async () => {
  const page = await signedIn('/flags/search.fuzzy')
  await page.getByText('While off', { exact: true }).waitFor()
  for (const name of ['Turned by itself', 'Last look', 'Last turn', 'Left alone', 'Rollouts watch'])
    assert.equal(await page.getByText(name, { exact: true }).count(), 0, name)
  await page.context().close()
})

test('what must hold in a rollout is shown, asked for, and sent with it', options, async () => {
  const page = await signedIn('/flags/checkout.new-button')
  await page.getByText('Rollouts watch', { exact: true }).waitFor()
  await page.getByText('sum(rate(orders_failed_total[5m])) < 0.5', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Roll out …' }).click()
  const dialog = page.locator('dialog')
  await dialog.getByText('Always: sum(rate(orders_failed_total[5m])) < 0.5').waitFor()
  const held = dialog.getByRole('textbox', { name: /^What must hold meanwhile/ })
  await dialog.getByRole('textbox', { name: 'Why' }).fill('launch')
  await held.fill('max(page_p99_ms) below 800')
  await dialog.getByText('Such as: sum(rate(errors_total[5m])) < 0.5').waitFor()
  const show = dialog.getByRole('button', { name: 'Show the plan' })
  assert.equal(await show.isDisabled(), true)
  await held.fill('max(page_p99_ms) < 800\n\nsum by (a, b) (up) >= 2')
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/plans'))
  await show.click()
  assert.deepEqual((await asked).postDataJSON().wish.watch, [
    { query: 'max(page_p99_ms)', op: 'below', value: 800 },
    { query: 'sum by (a, b) (up)', op: 'at-least', value: 2 },
  ])
  await page.context().close()
})

test('the form of a flag fits where it is narrow', options, async () => {
  const page = await signedIn('/flags/prices.rounded', { width: 380 })
  await page.getByRole('button', { name: 'Edit …' }).click()
  await page.getByRole('checkbox', { name: 'on', exact: true }).waitFor()
  const [shown, whole] = (await page.evaluate(
    `[document.querySelector('dialog').clientWidth, document.querySelector('dialog').scrollWidth]`,
  )) as [number, number]
  assert.equal(whole, shown)
  await page.context().close()
})

test('a segment is made, and named by the flags that ask for it', options, async () => {
  const page = await signedIn('/segments')
  const team = page.getByRole('listitem').filter({ hasText: 'email ends-with' })
  await team.getByRole('link', { name: 'checkout.new-button' }).waitFor()
  await page.getByRole('button', { name: 'New segment …' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('testers')
  await page.getByRole('textbox', { name: 'always these' }).fill('user-1\nuser-2')
  await page.locator('.plan-line', { hasText: 'member user-2' }).waitFor()
  await page.getByRole('textbox', { name: 'Why', exact: true }).fill('who tries first')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/\/changes\/c\d+/)
  await page.goBack()
  await page.getByText('always 2 by name').waitFor()
  await page.getByText('no flag names it').waitFor()
  await page.context().close()
})

test('a person and their attributes are told what they get and why', options, async () => {
  const page = await signedIn('/flags/checkout.new-button')
  await page.getByRole('textbox', { name: 'Person' }).fill('user-7')
  await page.getByRole('textbox', { name: 'Attributes' }).fill('email=ada@acme.example age=31')
  await page.getByRole('button', { name: 'Explain' }).click()
  await page
    .locator('.explained')
    .getByText(/the team first/)
    .waitFor()
  await page.getByRole('textbox', { name: 'Attributes' }).fill('nonsense')
  await page.getByText('Attributes are written as name=value').waitFor()
  await page.context().close()
})

test('who may only look is offered nothing', options, async () => {
  const page = await signedIn('/flags/checkout.new-button', { token: 'tandem-look' })
  await page.getByRole('heading', { name: 'Who gets what', exact: true }).waitFor()
  for (const name of ['Kill checkout.new-button', 'Edit …', 'Roll out …', 'Share …'])
    assert.equal(await page.getByRole('button', { name }).count(), 0, name)
  await page.context().close()
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 380])
    test(
      `pages about flags fit and can be read and heard, ${colorScheme}, ${width} wide`,
      options,
      async () => {
        for (const [path, drawn] of pages) {
          const page = await signedIn(path, { width, colorScheme })
          await page.locator(drawn).first().waitFor()
          for (const fault of [tooWide, nameless, lowContrast])
            assert.deepEqual(await page.evaluate(fault), [], path)
          if (process.env['PICTURES'] !== undefined)
            await page.screenshot({
              path: `${process.env['PICTURES']}/${path.replaceAll(/\W/g, '_')}-${width}-${colorScheme}.png`,
              fullPage: true,
            })
          await page.context().close()
        }
        assert.deepEqual(dashboard.complaints, [])
      },
    )
