import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NotNowError, TroubleError } from '../change/trouble.ts'
import { orRefuse, RefusedError } from './refused.ts'

const trouble = { what: 'it rains', now: 'wait' }

async function statusOf(thrown: Error): Promise<number | null> {
  const said = await orRefuse(400, () => Promise.reject(thrown)).catch((error: unknown) => error)
  return said instanceof RefusedError ? said.status : null
}

test('a trouble has the status of its route, what will pass is a conflict, and a bug stays one', async () => {
  assert.equal(await statusOf(new TroubleError(trouble)), 400)
  assert.equal(await statusOf(new NotNowError(trouble)), 409)
  assert.equal(await statusOf(new RefusedError(404, trouble)), 404)
  assert.equal(await statusOf(new Error('a bug')), null)
})
