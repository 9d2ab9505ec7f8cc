import type { ValueType } from '../ast.ts'

export type Signature = Readonly<{
  args: readonly ValueType[]
  least: number
  most: number
  returns: ValueType
}>

const of = (returns: ValueType, ...args: readonly ValueType[]): Signature => ({
  args,
  least: args.length,
  most: args.length,
  returns,
})

/** With the last argument left out, or given as often as `most` allows. */
const variadic = (signature: Signature, most: number): Signature => ({
  ...signature,
  least: signature.args.length - 1,
  most,
})

const ofVector = of('vector', 'vector')
const ofMatrix = of('vector', 'matrix')
const ofTime = variadic(ofVector, 1)

const signatures: ReadonlyMap<string, Signature> = new Map([
  ['abs', ofVector],
  ['absent', ofVector],
  ['absent_over_time', ofMatrix],
  ['acos', ofVector],
  ['acosh', ofVector],
  ['asin', ofVector],
  ['asinh', ofVector],
  ['atan', ofVector],
  ['atanh', ofVector],
  ['avg_over_time', ofMatrix],
  ['ceil', ofVector],
  ['changes', ofMatrix],
  ['clamp', of('vector', 'vector', 'scalar', 'scalar')],
  ['clamp_max', of('vector', 'vector', 'scalar')],
  ['clamp_min', of('vector', 'vector', 'scalar')],
  ['cos', ofVector],
  ['cosh', ofVector],
  ['count_over_time', ofMatrix],
  ['day_of_month', ofTime],
  ['day_of_week', ofTime],
  ['day_of_year', ofTime],
  ['days_in_month', ofTime],
  ['deg', ofVector],
  ['delta', ofMatrix],
  ['deriv', ofMatrix],
  ['exp', ofVector],
  ['floor', ofVector],
  ['histogram_count', ofVector],
  ['histogram_fraction', of('vector', 'scalar', 'scalar', 'vector')],
  ['histogram_quantile', of('vector', 'scalar', 'vector')],
  ['histogram_sum', ofVector],
  ['holt_winters', of('vector', 'matrix', 'scalar', 'scalar')],
  ['hour', ofTime],
  ['idelta', ofMatrix],
  ['increase', ofMatrix],
  ['irate', ofMatrix],
  ['label_join', variadic(of('vector', 'vector', 'string', 'string', 'string'), Infinity)],
  ['label_replace', of('vector', 'vector', 'string', 'string', 'string', 'string')],
  ['last_over_time', ofMatrix],
  ['ln', ofVector],
  ['log10', ofVector],
  ['log2', ofVector],
  ['max_over_time', ofMatrix],
  ['min_over_time', ofMatrix],
  ['minute', ofTime],
  ['month', ofTime],
  ['pi', of('scalar')],
  ['predict_linear', of('vector', 'matrix', 'scalar')],
  ['present_over_time', ofMatrix],
  ['quantile_over_time', of('vector', 'scalar', 'matrix')],
  ['rad', ofVector],
  ['rate', ofMatrix],
  ['resets', ofMatrix],
  ['round', variadic(of('vector', 'vector', 'scalar'), 2)],
  ['scalar', of('scalar', 'vector')],
  ['sgn', ofVector],
  ['sin', ofVector],
  ['sinh', ofVector],
  ['sort', ofVector],
  ['sort_desc', ofVector],
  ['sqrt', ofVector],
  ['stddev_over_time', ofMatrix],
  ['stdvar_over_time', ofMatrix],
  ['sum_over_time', ofMatrix],
  ['tan', ofVector],
  ['tanh', ofVector],
  ['time', of('scalar')],
  ['timestamp', ofVector],
  ['vector', of('vector', 'scalar')],
  ['year', ofTime],
])

/** The names of all functions. */
export const functionNames: readonly string[] = [...signatures.keys()]

export function isFunctionName(name: string): boolean {
  return signatures.has(name)
}

/** What a function takes and returns; the parser has refused names there are not. */
export function signatureOf(name: string): Signature {
  const signature = signatures.get(name)
  if (signature === undefined) throw new Error(`no function is called ${name}`)
  return signature
}
