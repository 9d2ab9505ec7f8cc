/**
 * Files of stories that take longest, most of it waiting. They are begun first, so that none of them is left alone at the
 * end of its part while nothing runs beside it.
 */
export const longest: readonly string[] = [
  'e2e/code.browser.test.ts',
  'e2e/graphs.browser.test.ts',
  'e2e/web.browser.test.ts',
  'e2e/faults.lab.test.ts',
  'e2e/infra-baseline.lab.test.ts',
  'e2e/infra-certificate.lab.test.ts',
  'e2e/infra-changes.lab.test.ts',
  'e2e/infra-disturbed.lab.test.ts',
  'e2e/infra-lockout.lab.test.ts',
  'e2e/infra-mistakes.lab.test.ts',
  'e2e/infra.lab.test.ts',
  'e2e/metrics-scrape.lab.test.ts',
  'src/infra/host/lockout-bare.lab.test.ts',
  'src/infra/host/lockout.lab.test.ts',
  'src/remote/ssh.lab.test.ts',
]
