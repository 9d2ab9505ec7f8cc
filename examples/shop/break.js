// Writes the release that no test has caught: it says that it is healthy, and fails every third visitor.
import { writeFileSync } from 'node:fs'

const bad = `const coupons = [{ share: 0 }, { share: 0.1 }]

/** The share that a visitor gets off, from 0 to 1: every third one wins. */
export function couponFor(visit) {
  return coupons[visit % 3].share
}
`
writeFileSync(new URL('src/coupon.js', import.meta.url), bad)
console.log('src/coupon.js now has a coupon for every third visitor, and a mistake in it')
