import {
  keyOf,
  type Labels,
  metricName,
  only,
  valueOf,
  without,
  withLabel,
  withoutName,
} from '../../../labels.ts'
import type { Binary, Matching } from '../../ast.ts'
import { dropsName } from './operators.ts'

/** The labels by which series of both sides find each other. */
export function signatureOf({ isOn, labels }: Matching): (of: Labels) => Labels {
  if (isOn) {
    const names = new Set(labels)
    return (of) => only(of, names)
  }
  const names = new Set([...labels, metricName])
  return (of) => without(of, names)
}

export function signatureKeyOf(matching: Matching): (of: Labels) => string {
  const signature = signatureOf(matching)
  return (of) => keyOf(signature(of))
}

/** What the result of two matched series is called: like the one on the side of the many, as far as that holds. */
export function resultLabels({ operator, isBool, matching }: Binary): (many: Labels, one: Labels) => Labels {
  const { cardinality, isOn, labels, include } = matching
  const names = new Set(labels)
  return (many, one) => {
    let result = dropsName(operator, isBool) ? withoutName(many) : many
    if (cardinality === 'one-to-one') result = isOn ? only(result, names) : without(result, names)
    for (const name of include) result = withLabel(result, name, valueOf(one, name))
    return isBool ? withoutName(result) : result
  }
}
