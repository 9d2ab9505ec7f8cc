# Read by job.sh: a PostgreSQL for this job alone. It ends with the sandbox, and its data with the job's folders.
tandem_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
tandem_data=/tmp/.tandem-postgres
mkdir -m 700 "$tandem_data"
# Nothing in here outlives a crash, so nothing waits for the disk.
{
  "$tandem_bin/initdb" --pgdata="$tandem_data/data" --username=test --auth=trust --no-sync --no-instructions \
    --encoding=UTF8 --locale=C.UTF-8 &&
    "$tandem_bin/pg_ctl" start --pgdata="$tandem_data/data" --wait --timeout=60 --silent --log="$tandem_data/server" \
      --options="-c listen_addresses=localhost -c port=5432 -c unix_socket_directories=$tandem_data \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0" &&
    "$tandem_bin/createdb" --host=localhost --username=test test
} >"$tandem_data/log" 2>&1 || {
  echo 'postgres did not start:'
  tail -n 20 "$tandem_data/log" "$tandem_data/server"
  exit 1
}
echo "postgres $("$tandem_bin/postgres" --version | sed 's/^[^0-9]*//; s/ .*//') at localhost:5432"
export PGHOST="${PGHOST-localhost}" PGPORT="${PGPORT-5432}" PGUSER="${PGUSER-test}" PGPASSWORD="${PGPASSWORD-test}"
export PGDATABASE="${PGDATABASE-test}" DATABASE_URL="${DATABASE_URL-postgres://test:test@localhost:5432/test}"
