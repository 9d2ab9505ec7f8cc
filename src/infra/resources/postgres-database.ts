import type { z } from 'zod'
import { text, whole } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { commandThing, shScript } from '../things/make.ts'
import { databaseName, psql, roleName } from './postgres-words.ts'
import { oneOrMore, options } from './words.ts'

const shape = options(
  {
    owner: roleName.optional(),
    encoding: text("an encoding of PostgreSQL, such as 'UTF8'", /^[A-Z][A-Z0-9_]{2,20}$/).optional(),
    locale: text("a locale, such as 'C.UTF-8'", /^[A-Za-z][A-Za-z0-9_.@-]{0,60}$/).optional(),
    template: databaseName.optional(),
    extensions: oneOrMore(
      text("the name of an extension, such as 'pg_trgm'", /^[a-z][a-z0-9_-]{0,62}$/),
      "'pg_trgm'",
    ).optional(),
    port: whole(1, 65_535, 5432).optional(),
  },
  "owner: 'shop'",
)

/** A database of this host. An undo drops only one that holds no tables yet. */
export const postgresDatabase: ResourceSort<z.output<typeof shape>> = {
  type: 'postgresDatabase',
  name: databaseName,
  options: shape,
  lower({
    name,
    options: { owner = '', encoding = '', locale = '', template, extensions = [], port = 5432 },
  }) {
    // Only the empty template takes another encoding or locale than its own.
    const from = template ?? (encoding === '' && locale === '' ? '' : 'template0')
    const words = [name, String(port), owner, encoding, locale, from, ...extensions]
    return Promise.resolve([
      commandThing({
        name: `postgres database ${name}`,
        check: shScript(`${psql}${named}${check}`, words, 20_000),
        run: shScript(`${psql}${named}${run}`, words, 600_000),
        undo: shScript(`${psql}${named}${undo}`, words),
        says: `the database ${name} of PostgreSQL${owner === '' ? '' : `, owned by ${owner}`}`,
      }),
    ])
  },
}

// Variables are set in the text that psql reads; none of these words can hold a quote.
const named = `owner=$3 encoding=$4 locale=$5 template=$6
shift 6
sql() { printf "\\\\\\\\set owner '%s'\\n\\\\\\\\set encoding '%s'\\n\\\\\\\\set locale '%s'\\n\\\\\\\\set template '%s'\\n%s\\n" "$owner" "$encoding" "$locale" "$template" "$1"; }
now() { sql "select pg_get_userbyid(datdba) || ' ' || pg_encoding_to_char(encoding) from pg_database where datname = :'name';" | psql_do; }
`

const check = `is=$(now)
[ -n "$is" ] || exit 1
[ -z "$owner" ] || [ "\${is% *}" = "$owner" ] || exit 1
[ -z "$encoding" ] || [ "\${is##* }" = "$encoding" ] || exit 1
[ $# -eq 0 ] || have=" $(sql 'select extname from pg_extension;' | psql_do "$name" | tr '\\n' ' ')"
for extension; do case $have in *" $extension "*) ;; *) exit 1 ;; esac; done
`

const run = `is=$(now)
if [ -n "$is" ] && [ -n "$encoding" ] && [ "\${is##* }" != "$encoding" ]; then
  echo "the database $name is there with the encoding \${is##* }, which cannot be changed; dump it and make it anew" >&2
  exit 1
fi
[ -s "$TANDEM_KEEP" ] || printf '%s\\n' "\${is:-none}" >"$TANDEM_KEEP"
sql "select format('create database %I', :'name')
  || case when :'owner' <> '' then format(' owner %I', :'owner') else '' end
  || case when :'encoding' <> '' then format(' encoding %L', :'encoding') else '' end
  || case when :'locale' <> '' then format(' lc_collate %L lc_ctype %L', :'locale', :'locale') else '' end
  || case when :'template' <> '' then format(' template %I', :'template') else '' end
  where not exists (select from pg_database where datname = :'name') \\\\gexec
select format('alter database %I owner to %I', :'name', :'owner') from pg_database
  where datname = :'name' and :'owner' <> '' and pg_get_userbyid(datdba) <> :'owner' \\\\gexec" | psql_do
for extension; do printf 'create extension if not exists "%s";\\n' "$extension" | psql_do "$name"; done
`

const undo = `[ -s "$TANDEM_KEEP" ] || exit 0
IFS= read -r before <"$TANDEM_KEEP"
is=$(now)
[ -n "$is" ] || exit 0
if [ "$before" != none ]; then
  owner=\${before% *}
  sql "alter database :\\"name\\" owner to :\\"owner\\";" | psql_do
  exit 0
fi
tables=$(sql "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'm', 'S') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%' and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e');" | psql_do "$name")
if [ "$tables" != 0 ]; then
  echo "the database $name holds $tables tables by now; drop it yourself when nobody needs them" >&2
  exit 1
fi
sql 'drop database :"name";' | psql_do
`
