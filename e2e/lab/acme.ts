import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

/**
 * A directory of ACME (RFC 8555) that believes everybody: accounts are not kept, signatures not checked, and domains are
 * proven before anybody asks. What it signs is real.
 */
export type Acme = Readonly<{
  /** The address of the directory, as hosts of the lab reach it. */
  directory: string
  /** The certificate of its authority, which has signed that of this server as well. */
  authority: string
  /** How many certificates it has signed. */
  signed: () => number
  close: () => Promise<void>
}>

type Order = { names: readonly string[]; chain: string | null }
type Answer = Readonly<{ status?: number; location?: string; body: object | string }>

const json = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString() || '{}')

export async function openAcme(folder: string, address: string): Promise<Acme> {
  const { authority, tls, sign } = openAuthority(folder, address)
  const orders: Order[] = []
  let base = ''
  const viewOf = (order: Order): object => {
    const at = `${base}/order/${orders.indexOf(order)}`
    return {
      status: order.chain === null ? 'ready' : 'valid',
      expires: '2099-01-01T00:00:00Z',
      identifiers: order.names.map((value) => ({ type: 'dns', value })),
      authorizations: order.names.map((name) => `${base}/proof/${name}`),
      finalize: `${at}/finalize`,
      ...(order.chain === null ? {} : { certificate: `${at}/certificate` }),
    }
  }
  const answer = (path: readonly string[], payload: Record<string, unknown>): Answer => {
    const [what = '', which = '', then = ''] = path
    const order = orders[Number(which)]
    if (what === 'nonce') return { body: {} }
    if (what === 'account') return { status: 201, location: `${base}/account/1`, body: { status: 'valid' } }
    if (what === 'proof') return { body: proofOf(which) }
    if (what === 'new-order') {
      const names = (payload['identifiers'] as readonly { value: string }[]).map(({ value }) => value)
      const made: Order = { names, chain: null }
      orders.push(made)
      return { status: 201, location: `${base}/order/${orders.length - 1}`, body: viewOf(made) }
    }
    if (order === undefined) return { status: 404, body: { type: 'about:blank', detail: 'there is none' } }
    if (then === 'certificate') return { body: order.chain ?? '' }
    if (then === 'finalize') order.chain = sign(Buffer.from(String(payload['csr']), 'base64url'))
    return { location: `${base}/order/${which}`, body: viewOf(order) }
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('/').slice(1)
    const sent = (await buffer(request)).toString()
    const payload = sent === '' ? '' : (JSON.parse(sent) as { payload: string }).payload
    const {
      status = 200,
      location,
      body,
    } = path[0] === 'directory'
      ? { body: directoryOf(base) }
      : answer(path, json(payload) as Record<string, unknown>)
    response.writeHead(status, {
      'replay-nonce': Buffer.from(`${Math.random()}`).toString('base64url'),
      'content-type': typeof body === 'string' ? 'application/pem-certificate-chain' : 'application/json',
      ...(location === undefined ? {} : { location }),
    })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = createServer(tls, (request, response) => void serve(request, response))
  const port = await listen(server, address)
  base = `https://${address}:${port}`
  return {
    directory: `${base}/directory`,
    authority,
    signed: () => orders.filter(({ chain }) => chain !== null).length,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const proofOf = (value: string): object => ({
  identifier: { type: 'dns', value },
  status: 'valid',
  expires: '2099-01-01T00:00:00Z',
  challenges: [],
})

const directoryOf = (base: string): object => ({
  newNonce: `${base}/nonce`,
  newAccount: `${base}/account`,
  newOrder: `${base}/new-order`,
  revokeCert: `${base}/revoke`,
  keyChange: `${base}/key-change`,
})

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, address, () => resolve((server.address() as AddressInfo).port))
  })
}

function openAuthority(folder: string, address: string) {
  const openssl = (...words: readonly string[]) =>
    execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...curve,
    '-subj',
    '/CN=lab authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '30',
  )
  openssl(
    'req',
    ...curve,
    '-subj',
    `/CN=${address}`,
    '-addext',
    `subjectAltName=IP:${address}`,
    '-keyout',
    'tls.key',
    '-out',
    'tls.csr',
  )
  const sign = (csr: string, out: string, form: string): void => {
    const by = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
      '-days',
      '90',
    ]
    openssl('x509', '-req', '-inform', form, '-in', csr, ...by, '-out', out)
  }
  sign('tls.csr', 'tls.pem', 'PEM')
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  return {
    authority: read('ca.pem'),
    tls: { key: read('tls.key'), cert: read('tls.pem') },
    sign: (csr: Buffer): string => {
      writeFileSync(join(folder, 'order.csr'), csr)
      sign('order.csr', 'order.pem', 'DER')
      return read('order.pem') + read('ca.pem')
    },
  }
}
