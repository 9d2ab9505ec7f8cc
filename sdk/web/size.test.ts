import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { bundled } from './bundled.ts'

const limitBytes = 5 * 1024
const root = join(import.meta.dirname, '..')

describe('what browsers load', () => {
  for (const file of ['web/connect-web.ts', 'openfeature/web-provider.ts'])
    it(`is at most ${limitBytes} bytes for ${file}`, async (t) => {
      const { code, gzipBytes } = await bundled(join(root, file))
      t.diagnostic(`${gzipBytes} bytes with gzip, ${code.length} without`)
      assert.ok(gzipBytes <= limitBytes, `${gzipBytes} bytes`)
      assert.match(code, /ofrep\/v1/)
      assert.doesNotMatch(code, /\beval\b|new Function|ends-with|murmur/)
    })
})
