import type { Expectation } from '../../sdk/flag/flag.ts'

const signs = { below: '<', 'at-most': '<=', above: '>', 'at-least': '>=' } as const

/** What must hold of a number, as it is written: `sum(rate(errors[5m])) < 0.5`. */
export function expectationText({ query, op, value }: Expectation): string {
  return `${query} ${signs[op]} ${value}`
}

/** `QUERY < 0.5`, taken apart: the last sign with a number after it compares. Null where there is none. */
export function expectationIn(written: string): Expectation | null {
  const [, query, sign, number] =
    /^\s*(\S[^]*?)\s*([<>]=?)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*$/.exec(written) ?? []
  const op = ops.find((each) => signs[each] === sign)
  return query === undefined || op === undefined ? null : { query, op, value: Number(number) }
}

const ops = ['below', 'at-most', 'above', 'at-least'] as const
