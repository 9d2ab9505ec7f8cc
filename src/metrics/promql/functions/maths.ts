/** A function of one value; `args` are its other arguments at the same step. */
export type Mathematical = (value: number, args: readonly number[]) => number

const functions: ReadonlyMap<string, Mathematical> = new Map<string, Mathematical>([
  ['abs', Math.abs],
  ['acos', Math.acos],
  ['acosh', Math.acosh],
  ['asin', Math.asin],
  ['asinh', Math.asinh],
  ['atan', Math.atan],
  ['atanh', Math.atanh],
  ['ceil', Math.ceil],
  ['clamp', (value, [low = 0, high = 0]) => larger(low, smaller(high, value))],
  ['clamp_max', (value, [high = 0]) => smaller(high, value)],
  ['clamp_min', (value, [low = 0]) => larger(low, value)],
  ['cos', Math.cos],
  ['cosh', Math.cosh],
  ['deg', (value) => (value * 180) / Math.PI],
  ['exp', Math.exp],
  ['floor', Math.floor],
  ['ln', Math.log],
  ['log10', Math.log10],
  ['log2', Math.log2],
  ['rad', (value) => (value * Math.PI) / 180],
  ['round', (value, [nearest = 1]) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest)],
  // Zero and NaN are themselves.
  ['sgn', (value) => (value < 0 ? -1 : value > 0 ? 1 : value)],
  ['sin', Math.sin],
  ['sinh', Math.sinh],
  ['sqrt', Math.sqrt],
  ['tan', Math.tan],
  ['tanh', Math.tanh],
])

/** The function of one value that has this name, if one has. */
export function mathematicalNamed(name: string): Mathematical | null {
  return functions.get(name) ?? null
}

/** An infinity that is beyond everything else wins even over NaN. */
function larger(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b)
}

function smaller(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b)
}
