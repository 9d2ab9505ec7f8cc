import { TroubleError } from '../../change/trouble.ts'

/** The trouble of a hub that does not answer at all, from what `fetch` threw. */
export function unreachable(base: string, thrown: unknown): TroubleError {
  if (thrown instanceof TroubleError) return thrown
  const { what, now } = explained(base, codeOf(thrown))
  return new TroubleError({ what, where: innermost(thrown), now }, { cause: thrown })
}

function explained(base: string, code: string): Readonly<{ what: string; now: string }> {
  if (code === 'ECONNREFUSED') {
    return {
      what: `no hub answers at ${base}`,
      now: 'start it there with `tandem hub`, or name another with --hub URL',
    }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { what: `the name in ${base} is not known`, now: 'check the URL and your DNS' }
  }
  if (code === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return {
      what: `the hub at ${base} did not answer in time`,
      now: 'check the network to it; orders it has taken go on (`tandem log`)',
    }
  }
  if (/CERT|TLS|SSL|UNABLE_TO_VERIFY/.test(code)) {
    return {
      what: `the certificate of ${base} is not good`,
      now: 'mend the certificate, or name its CA with NODE_EXTRA_CA_CERTS',
    }
  }
  return {
    what: `cannot talk to the hub at ${base}`,
    now: 'check that it runs, and the network to it; `tandem log` shows whether an order has arrived',
  }
}

/** The code or name of the deepest cause that has one: `fetch failed` itself says nothing. */
function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  const inner = codeOf(thrown.cause)
  if (inner !== '') return inner
  const own = 'code' in thrown ? thrown.code : undefined
  return typeof own === 'string' ? own : thrown.name === 'TimeoutError' ? 'TimeoutError' : ''
}

function innermost(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  if (thrown.cause instanceof Error) return innermost(thrown.cause)
  return thrown.message === '' ? codeOf(thrown) : thrown.message
}
