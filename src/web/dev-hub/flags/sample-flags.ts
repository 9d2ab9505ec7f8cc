import type { Flag, FlagSet } from '../../../../sdk/flag/flag.ts'

const onOff = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
} as const satisfies Flag

/** Flags of a shop, of every sort there is. */
export const sampleSet: FlagSet = {
  flags: {
    'checkout.new-button': {
      ...onOff,
      rules: [
        { id: 'team', name: 'the team first', when: { segment: 'team' }, serve: 'on' },
        {
          id: 'some',
          when: { attribute: 'country', op: 'in', value: ['DE', 'FR', 'NL'] },
          share: { hash: 'tandem-1', salt: 'k3n9:', weight: 25, of: 100 },
          serve: 'on',
        },
      ],
      watch: [{ query: 'sum(rate(orders_failed_total[5m]))', op: 'below', value: 0.5 }],
      about: {
        description: 'The button of the checkout that says what it costs.',
        owner: 'grace',
        tags: ['checkout', 'launch'],
        expires: '2031-01-31',
        note: {
          metrics: ['orders per minute', 'checkout p95'],
          risks: 'people who do not find the old button',
          signs: 'more baskets, fewer orders',
          contingency: 'kill it; nothing is stored by it',
        },
      },
    },
    'recommendations.shed': {
      type: 'number',
      on: true,
      variants: { none: 0, half: 50, all: 100 },
      default: 'none',
      off: 'all',
      knob: {
        min: 0,
        max: 100,
        step: 5,
        unit: '%',
        bound: { query: 'max(page_p99_ms)', above: 800, to: 'max', every: '30s', pause: '24h' },
      },
      about: {
        description: 'How much of the recommendations is left out under load.',
        owner: 'ops',
        tags: ['knob'],
      },
    },
    'banner.text': {
      type: 'string',
      on: false,
      variants: { sale: 'Everything must go', none: '' },
      default: 'sale',
      off: 'none',
      about: { description: 'What stands above every page.', owner: 'margaret', expires: '2020-01-01' },
    },
    'prices.rounded': {
      ...onOff,
      requires: [{ flag: 'checkout.new-button', serves: ['on'] }],
      rules: [
        {
          id: 'halves',
          serve: {
            hash: 'tandem-1',
            salt: 'p7x1:',
            of: 100,
            arms: [
              { variant: 'on', weight: 50 },
              { variant: 'off', weight: 50 },
            ],
          },
        },
      ],
      about: { owner: 'ada', tags: ['experiment'] },
    },
    'search.fuzzy': {
      ...onOff,
      default: 'on',
      about: { description: 'Finds what is spelled nearly so.', owner: 'linus' },
    },
  },
  segments: {
    team: { when: { attribute: 'email', op: 'ends-with', value: '@acme.example' } },
  },
}
