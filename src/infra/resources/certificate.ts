import { isIP } from 'node:net'
import { z } from 'zod'
import { object, text, whole } from '../../config/values/wanted.ts'
import type { Resource, ResourceSort } from '../recipe/resource.ts'
import { commandThing, neededPackage, rootsOwn, shScript } from '../things/make.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import type { Thing } from '../things/thing.ts'
import { all, atLeastOne, atMostOne } from './rules.ts'
import { absolutePath, oneOrMore, options } from './words.ts'
import { unitName } from './unit-name.ts'

const label = '[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?'
const domain = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`)
const certified = z
  .string({ error: "a domain or an address, such as 'www.example.org'" })
  .refine((name) => domain.test(name) || isIP(name) !== 0, {
    error: "a domain or an address, such as 'www.example.org'",
  })

const acme = object(
  {
    email: text("an e-mail address, such as 'ops@example.org'", /^[^\s@-][^\s@]*@[^\s@]+$/),
    webroot: absolutePath.optional(),
    server: text(
      "the address of a directory of ACME, such as 'https://acme.example.org/directory'",
      /^https:\/\/\S+$/,
    ).optional(),
    reload: oneOrMore(unitName, "'nginx.service'").optional(),
  },
  "email: 'ops@example.org', webroot: '/var/www/html'",
)

const shape = options(
  {
    names: oneOrMore(certified, "'www.example.org'").optional(),
    selfSigned: z.literal(true, { error: 'true, or left out' }).optional(),
    days: whole(31, 3650, 397).optional(),
    acme: acme.optional(),
  },
  'selfSigned: true',
).superRefine(
  all(
    atMostOne('selfSigned', 'acme'),
    atMostOne('acme', 'days'),
    atLeastOne(['selfSigned', 'acme'], 'true', null),
  ),
)

type Certificate = Resource<z.output<typeof shape>>
const root = '/etc/ssl/tandem'

/** A key and a certificate: `/etc/ssl/tandem/NAME/privkey.pem` and `fullchain.pem`, whoever has signed it. */
export const certificate: ResourceSort<z.output<typeof shape>> = {
  type: 'certificate',
  name: text("a domain, such as 'www.example.org'", new RegExp(`^${label}(?:\\.${label})*$`)),
  options: shape,
  lower(resource) {
    const { id, name } = resource
    const folder = { type: 'directory', ...rootsOwn, mode: 0o755 } as const
    return Promise.resolve([
      sharedPath(pathThing(root, folder), id),
      pathThing(`${root}/${name}`, { ...folder, mode: 0o700 }),
      ...(resource.options.acme === undefined
        ? selfSigned(resource)
        : ordered(resource, resource.options.acme)),
    ])
  },
}

function selfSigned({ id, name, options: { names = [name], days = 397 } }: Certificate): readonly Thing[] {
  const alternatives = names.map((one) => `${isIP(one) === 0 ? 'DNS' : 'IP'}:${one}`).join(',')
  // As openssl prints them.
  const printed = names
    .map((one) => (isIP(one) === 0 ? `DNS:${one}` : `IP Address:${printedAddress(one)}`))
    .join(', ')
  return [
    neededPackage('openssl', id),
    commandThing({
      name: `certificate ${name}`,
      check: shScript(isFresh, [`${root}/${name}`, printed], 10_000),
      run: shScript(sign, [`${root}/${name}`, name, alternatives, String(days)]),
      undo: shScript(putBack, [`${root}/${name}`]),
      says: `sign a certificate for ${names.join(', ')} for ${days} days`,
    }),
  ]
}

/** IPv6 as openssl has it: eight groups in capitals, without zeros in front. */
function printedAddress(address: string): string {
  if (isIP(address) === 4) return address
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const gap =
    after === undefined
      ? []
      : Array.from({ length: 8 - groups(before).length - groups(after).length }, () => '0')
  return [...groups(before), ...gap, ...groups(after ?? '')].join(':').toUpperCase()
}

// It has these names, is good for 30 days more, and belongs to the key.
const isFresh = `cd "$1" && [ -s privkey.pem ] && [ -s fullchain.pem ] || exit 1
openssl x509 -in fullchain.pem -noout -checkend 2592000 >/dev/null
openssl x509 -in fullchain.pem -noout -ext subjectAltName | grep -qxF "    $2"
[ "$(openssl x509 -in fullchain.pem -noout -pubkey)" = "$(openssl pkey -in privkey.pem -pubout)" ]`

const sign = `umask 077
cd "$1"
mkdir -p "$TANDEM_KEEP"
if [ ! -e "$TANDEM_KEEP/whole" ]; then
  for file in privkey.pem fullchain.pem; do [ ! -e $file ] || cp -p $file "$TANDEM_KEEP/"; done
  : >"$TANDEM_KEEP/whole"
fi
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days "$4" -subj "/CN=$2" -addext "subjectAltName=$3" -keyout privkey.pem.new -out fullchain.pem.new 2>"$TANDEM_KEEP/said" || { cat "$TANDEM_KEEP/said" >&2; exit 1; }
chmod 0644 fullchain.pem.new
mv -fT privkey.pem.new privkey.pem
mv -fT fullchain.pem.new fullchain.pem`

const putBack = `[ -e "$TANDEM_KEEP/whole" ] || exit 0
cd "$1"
for file in privkey.pem fullchain.pem; do
  if [ -e "$TANDEM_KEEP/$file" ]; then cp -pf "$TANDEM_KEEP/$file" $file; else rm -f $file; fi
done
rm -f privkey.pem.new fullchain.pem.new`

function ordered(
  { id, name, options: { names = [name] } }: Certificate,
  order: z.output<typeof acme>,
): readonly Thing[] {
  const live = `/etc/letsencrypt/live/${name}`
  const proof = order.webroot === undefined ? ['--standalone'] : ['--webroot', '-w', order.webroot]
  const server = order.server === undefined ? [] : ['--server', order.server]
  const reload =
    order.reload === undefined
      ? []
      : ['--deploy-hook', `systemctl try-reload-or-restart ${order.reload.join(' ')}`]
  const domains = names.flatMap((one) => ['-d', one])
  const words = ['--cert-name', name, '-m', order.email, ...proof, ...server, ...reload, ...domains]
  const printed = names
    .toSorted()
    .map((one) => `DNS:${one}`)
    .join(', ')
  return [
    neededPackage('certbot', id),
    neededPackage('openssl', id),
    commandThing({
      name: `certificate ${name}`,
      check: shScript(isOrdered, [live, printed], 10_000),
      run: shScript(
        'exec certbot certonly --non-interactive --agree-tos --keep-until-expiring --expand "$@"',
        words,
        300_000,
      ),
      says: `order a certificate for ${names.join(', ')}`,
    }),
    ...['privkey.pem', 'fullchain.pem'].map((file) =>
      pathThing(`${root}/${name}/${file}`, { type: 'link', to: `${live}/${file}` }),
    ),
  ]
}

// Debian's timer renews it 30 days before its end; a week before, something is wrong with that.
const isOrdered = `[ -s "$1/fullchain.pem" ] || exit 1
openssl x509 -in "$1/fullchain.pem" -noout -checkend 604800 >/dev/null
names=$(openssl x509 -in "$1/fullchain.pem" -noout -ext subjectAltName | sed -n 's/^ *DNS:/DNS:/p' | tr -d ' ' | tr , '\\n' | LC_ALL=C sort | tr '\\n' ,)
[ "$names" = "$(printf '%s,' "$2" | tr -d ' ')" ]`
