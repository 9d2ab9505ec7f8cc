import type { Paint } from '../../words/paint.ts'
import { type Place, shopFolder } from './place.ts'
import type { Visits } from './traffic.ts'

/** "the shop answered 74 requests meanwhile, 0 failed", and how they failed when they did. */
export function visitsText({ asked, errors, lost }: Visits): string {
  const failed = errors + lost
  const how = [
    ...(errors === 0 ? [] : [`${errors} with an error of the app`]),
    ...(lost === 0 ? [] : [`${lost} without an answer`]),
  ]
  return `${asked} requests came in meanwhile, ${failed} failed${failed === 0 ? '' : ` (${how.join(', ')})`}`
}

/** What to try next, as commands that work when they are pasted in the checkout. */
export function nextText(place: Place, paint: Paint): readonly string[] {
  const shop = shopFolder(place)
  const deploy = `npx tandem deploy --project ${shop}`
  const tries = [
    [
      'change something and ship it',
      `sed -i 's/every ride/each ride/' ${shop}/shop.json`,
      `git -C ${shop} commit -qam 'Say it better' && ${deploy}`,
    ],
    ['take it back', `npx tandem revert --project ${shop}`],
    [
      'ship a bad release: it is healthy, and fails every third visitor',
      `node ${shop}/break.js`,
      `git -C ${shop} commit -qam 'Give every third visitor a coupon' && ${deploy}`,
    ],
    ['mend it', `git -C ${shop} revert --no-edit HEAD && ${deploy}`],
    ['see who did what', `npx tandem log --project ${shop}`],
  ]
  return [
    paint.bold('try this in another terminal, in this folder:'),
    ...tries.flatMap(([title = '', ...commands]) => [
      '',
      `  ${title}`,
      ...commands.map((command) => `    ${paint.link(command)}`),
    ]),
    '',
    'Ctrl-C stops the hub and the shop; the next `npm start` goes on from here.',
  ]
}
