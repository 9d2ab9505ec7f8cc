import assert from 'node:assert/strict'
import { BlockList, isIP } from 'node:net'
import { describe, it } from 'node:test'
import { seeded } from '../../lab/random.ts'
import { networkTest } from './network.ts'

describe('networks', () => {
  it('hold the addresses that Node finds in them', () => {
    const random = seeded(11)
    const byte = (): number => random.pick([0, 1, 10, 127, 128, 192, 254, 255])
    const v4 = (): string => [byte(), byte(), byte(), byte()].join('.')
    const unit = (): string => random.pick(['0', '1', 'db8', 'ffff', '8000', '7fff'])
    const v6 = (): string => {
      const units = Array.from({ length: 8 }, unit)
      const from = random.between(0, 8)
      const to = random.between(from, 8)
      return to - from < 2
        ? units.join(':')
        : `${units.slice(0, from).join(':')}::${units.slice(to).join(':')}`
    }
    let held = 0
    for (let round = 0; round < 4000; round += 1) {
      const isFour = random.next() < 0.5
      const [network, address] = isFour ? [v4(), v4()] : [v6(), v6()]
      const bits = random.between(0, isFour ? 32 : 128)
      const list = new BlockList()
      list.addSubnet(network, bits, isFour ? 'ipv4' : 'ipv6')
      const expected = list.check(address, isFour ? 'ipv4' : 'ipv6')
      assert.equal(
        networkTest([`${network}/${bits}`])?.(address),
        expected,
        `${address} in ${network}/${bits}`,
      )
      if (expected) held += 1
    }
    assert.ok(held > 200, `only ${held} were held`)
  })

  it('take for an address what Node takes for one, but for zones', () => {
    const random = seeded(12)
    const test = networkTest(['::/0'])
    let right = 0
    for (let round = 0; round < 20_000; round += 1) {
      const parts = Array.from({ length: random.between(1, 9) }, () =>
        random.pick(['0', '1', '00', '255', '256', 'ffff', '', '']),
      )
      const text = parts.join(random.pick([':', ':', '.'])) + random.pick(['', '', ':1.2.3.4', '::'])
      assert.equal(test?.(text), isIP(text) !== 0, text)
      if (isIP(text) !== 0) right += 1
    }
    assert.ok(right > 500, `only ${right} were addresses`)
  })

  it('refuse what is no range', () => {
    for (const range of [
      '',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
      '::/129',
      'example.org',
      '10.0.0/8',
    ])
      assert.equal(networkTest(['10.0.0.0/8', range]), null, range)
  })
})
