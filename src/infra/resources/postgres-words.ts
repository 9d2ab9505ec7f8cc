import { text } from '../../config/values/wanted.ts'

const identifier = /^[a-z_][a-z0-9_$-]{0,62}$/

export const roleName = text("the name of a role, such as 'shop'", identifier)
export const databaseName = text("the name of a database, such as 'shop'", identifier)

/**
 * Makes `psql_do [DATABASE]`: SQL comes in by its input, with the name of the matter (`$1`) as the variable `name`;
 * what people wrote is quoted by psql itself.
 */
export const psql = `name=$1 port=$2
cd /
command -v psql >/dev/null || { echo "PostgreSQL is not installed; add apt('postgresql') before this" >&2; exit 1; }
psql_do() { runuser -u postgres -- psql -XqAt -v ON_ERROR_STOP=1 -v name="$name" -p "$port" -d "\${1:-postgres}"; }
`
