import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decimalText, literalText, secondsText, valueText } from './format.ts'

describe('formatting', () => {
  it('shows values as the API does', () => {
    const shown = [
      [1e-7, '1e-07'],
      [1.5e-10, '1.5e-10'],
      [1e-6, '0.000001'],
      [0.1 + 0.2, '0.30000000000000004'],
      [123456789012345680000, '123456789012345680000'],
      [1e21, '1e+21'],
      [-1.7976931348623157e308, '-1.7976931348623157e+308'],
      [5e-324, '5e-324'],
      [-0, '-0'],
      [NaN, 'NaN'],
      [Infinity, '+Inf'],
      [-Infinity, '-Inf'],
    ] as const
    // A Map would take -0 for 0.
    for (const [value, text] of shown) assert.equal(valueText(value), text)
  })

  it('prints numbers of queries with an exponent sooner', () => {
    const shown = new Map([
      [1e6, '1e+06'],
      [123456, '123456'],
      [1234567, '1.234567e+06'],
      [1e-4, '0.0001'],
      [1e-5, '1e-05'],
    ])
    for (const [value, text] of shown) assert.equal(literalText(value), text)
  })

  it('writes labels of counted values without an exponent', () => {
    assert.equal(decimalText(1.25e25), '12500000000000000000000000')
    assert.equal(decimalText(-1.25e-9), '-0.00000000125')
    assert.equal(decimalText(12.5), '12.5')
  })

  it('writes times in seconds', () => {
    assert.equal(secondsText(1_700_000_000_123), '1700000000.123')
    assert.equal(secondsText(1_700_000_000_000), '1700000000')
  })
})
