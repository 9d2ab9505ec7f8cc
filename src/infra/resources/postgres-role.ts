import type { z } from 'zod'
import { text, whole } from '../../config/values/wanted.ts'
import type { LoweringWorld, Resource, ResourceSort } from '../recipe/resource.ts'
import { commandThing, fileThing, shScript } from '../things/make.ts'
import type { Thing } from '../things/thing.ts'
import { options, yes } from './words.ts'
import { psql, roleName } from './postgres-words.ts'
import { scramVerifier } from './scram-verifier.ts'

const flags = {
  login: yes.optional(),
  superuser: yes.optional(),
  createdb: yes.optional(),
  createrole: yes.optional(),
  replication: yes.optional(),
}

const shape = options(
  {
    ...flags,
    password: text("a password, such as secret('SHOP_DATABASE_PASSWORD')", /^[^\0]+$/).optional(),
    connections: whole(-1, 100_000, 50).optional(),
    port: whole(1, 65_535, 5432).optional(),
  },
  "password: secret('SHOP_DATABASE_PASSWORD')",
)

type Options = z.output<typeof shape>

/** Who may use the databases of this host. The password itself never reaches the host: only what PostgreSQL keeps of it. */
export const postgresRole: ResourceSort<Options> = {
  type: 'postgresRole',
  name: roleName,
  options: shape,
  lower({ name, options: written }, world) {
    const { login = true, port = 5432, password } = written
    const file = password === undefined ? [] : [verifierFile(name, password, world)]
    const path = password === undefined ? '' : verifierPath(name)
    const wanted = { ...written, login }
    const words = [name, String(port), path]
    return Promise.resolve([
      ...file,
      commandThing({
        name: `postgres role ${name}`,
        check: shScript(`${psql}${readVerifier}${isTrue}`, [...words, checkSql(wanted)], 20_000),
        run: shScript(`${psql}${readVerifier}${alter}`, [...words, alterSql(wanted), beforeSql]),
        undo: shScript(`${psql}${putBack}`, words),
        says: `the role ${name} of PostgreSQL: ${wordsOf(wanted).join(' ')}`,
      }),
    ] satisfies readonly Thing[])
  },
}

const verifierPath = (name: string): string => `/var/lib/tandem/postgres-role-${name}`

function verifierFile(name: Resource['name'], password: string, world: LoweringWorld): Thing {
  const { text, secrets } = world.reveal(password)
  const bytes = new TextEncoder().encode(`${scramVerifier(text, `${world.host.name} ${name}`)}\n`)
  // It is worth as much as a secret, also where the password stands in the recipe.
  const named = secrets.length > 0 ? secrets : [`password of ${name}`]
  return fileThing({ path: verifierPath(name), content: { bytes, secrets: named } })
}

const columns = [
  ['login', 'rolcanlogin'],
  ['superuser', 'rolsuper'],
  ['createdb', 'rolcreatedb'],
  ['createrole', 'rolcreaterole'],
  ['replication', 'rolreplication'],
] as const

function checkSql(wanted: Options): string {
  const flags = columns.flatMap(([word, column]) =>
    wanted[word] === undefined ? [] : [`${column} = ${wanted[word]}`],
  )
  const limit = wanted.connections === undefined ? [] : [`rolconnlimit = ${wanted.connections}`]
  const password = wanted.password === undefined ? [] : ["rolpassword = :'verifier'"]
  return `select coalesce(bool_and(${[...flags, ...limit, ...password].join(' and ')}), false) from pg_authid where rolname = :'name';`
}

function wordsOf(wanted: Options): readonly string[] {
  const flags = columns.flatMap(([word]) =>
    wanted[word] === undefined ? [] : [wanted[word] ? word : `no${word}`],
  )
  return wanted.connections === undefined ? flags : [...flags, `connection limit ${wanted.connections}`]
}

// The log of the server is not to have what is a password to whoever can compute long enough.
const quiet =
  "set log_statement = 'none'; set log_min_duration_statement = -1; set log_min_error_statement = 'panic';"

const alterSql = (wanted: Options): string => `${quiet}
select format('create role %I', :'name') where not exists (select from pg_roles where rolname = :'name') \\gexec
alter role :"name" with ${wordsOf(wanted).join(' ')}${wanted.password === undefined ? '' : " password :'verifier'"};`

const flagSql = columns
  .map(([word, column]) => `case when ${column} then '${word}' else 'no${word}' end`)
  .join(', ')

/** Says how the role stands now, as the command that brings it back to that. */
const beforeSql = `select format('alter role %I with %s %s %s %s %s connection limit %s password %L;', rolname, ${flagSql}, rolconnlimit, rolpassword) from pg_authid where rolname = :'name'
union all select format('drop role if exists %I;', :'name') where not exists (select from pg_roles where rolname = :'name');`

const readVerifier = `verifier=
[ -z "$3" ] || IFS= read -r verifier <"$3" || exit 1
`

const isTrue = `[ "$(printf "\\\\\\\\set verifier '%s'\\n%s\\n" "$verifier" "$4" | psql_do)" = t ]
`

const alter = `if [ ! -s "$TANDEM_KEEP" ]; then
  printf '%s\\n' "$5" | psql_do >"$TANDEM_KEEP.new"
  mv -fT "$TANDEM_KEEP.new" "$TANDEM_KEEP"
fi
printf "\\\\\\\\set verifier '%s'\\n%s\\n" "$verifier" "$4" | psql_do
`

const putBack = `[ -s "$TANDEM_KEEP" ] || exit 0
{ printf '%s\\n' "${quiet}"; cat "$TANDEM_KEEP"; } | psql_do
`
