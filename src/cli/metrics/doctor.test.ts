import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paintFor } from '../../words/paint.ts'
import { farText } from './doctor.ts'

const paint = paintFor({ hasColour: false })

test('the doctor says what waits, what was lost and why, and what is answered otherwise', () => {
  const sending = {
    url: 'https://mimir.example.org/api/v1/push',
    sent: 1_234_567,
    refused: 3,
    retries: 9,
    trouble: 'it answered 503: not now',
    refusal: 'it answered 400: out of order',
    queue: { bytes: 5_000_000, samples: 20_000, sinceMs: 0 },
    queueBytes: 1_000_000_000,
    lost: { 'queue full': 10, 'not as written': 0, disk: 0 },
    lostBytes: 0,
  }
  const fromMs = Date.UTC(2026, 10, 27, 9, 30)
  const compared = {
    url: 'https://mimir.example.org/prometheus',
    fromMs,
    toMs: fromMs + 30 * 60_000,
    stepMs: 60_000,
    same: 30,
    differences: [{ query: 'rate(a_total[5m])', what: '31 of 31 values differ' }],
  }
  assert.deepEqual(farText({ sending, compared }, paint), [
    'written to  https://mimir.example.org/api/v1/push',
    'sent        1,234,567 samples',
    'waiting     20,000 samples, 1 % of the queue',
    'lost        10 queue full, 3 refused',
    'trouble     it answered 503: not now',
    'refused     it answered 400: out of order',
    '',
    'read from   https://mimir.example.org/prometheus',
    'asked       31 queries over 09:30–10:00 UTC, here and there',
    'same        30',
    'otherwise   1',
    '',
    'rate(a_total[5m])',
    '  31 of 31 values differ',
  ])
  assert.deepEqual(farText({ sending: null, compared: { ...compared, differences: [] } }, paint), [
    'read from   https://mimir.example.org/prometheus',
    'asked       30 queries over 09:30–10:00 UTC, here and there',
    'same        all',
  ])
})
