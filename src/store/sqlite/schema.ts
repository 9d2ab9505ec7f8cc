import type { DatabaseSync } from 'node:sqlite'
import { TroubleError } from '../../change/trouble.ts'

/** The steps that bring a database from each version to the next; `pragma user_version` counts those it has had. */
export type Schema = Readonly<{
  /** Written into the file, so that a database of another program is never taken for ours. */
  applicationId: number
  migrations: readonly string[]
}>

export const tandemSchema: Schema = {
  applicationId: 0x74_64_6d_31,
  migrations: [
    `create table entries (
      seq integer primary key,
      change integer not null,
      at integer not null,
      line text not null,
      prev text not null,
      hash text not null
    ) strict;
    create index entries_of_change on entries (change);
    create trigger entries_are_not_updated before update on entries
      begin select raise(abort, 'the ledger is append-only'); end;
    create trigger entries_are_not_deleted before delete on entries
      begin select raise(abort, 'the ledger is append-only'); end;
    create trigger entries_are_appended before insert on entries
      when new.seq is not (select seq + 1 from head)
      begin select raise(abort, 'the ledger is append-only'); end;

    create table head (
      only integer primary key check (only = 1),
      seq integer not null,
      hash text not null
    ) strict;
    insert into head values (1, 0, '${'0'.repeat(64)}');
    create trigger head_goes_up before update on head when new.seq <= old.seq
      begin select raise(abort, 'the ledger is append-only'); end;
    create trigger head_stays before delete on head
      begin select raise(abort, 'the ledger is append-only'); end;

    create table changes (
      number integer primary key,
      target text not null,
      reverts integer,
      ordered integer not null,
      status text not null,
      over integer not null
    ) strict;
    create index changes_of_target on changes (target);
    create index changes_open on changes (number) where over = 0;
    create index changes_reverting on changes (reverts) where reverts is not null;

    create table places (
      change integer primary key references changes (number),
      target text not null,
      token integer unique,
      pid integer not null,
      started integer not null,
      boot text not null,
      kind text not null,
      beat integer not null,
      uptime integer not null
    ) strict;
    create unique index places_leased on places (target) where token is not null;
    create index places_in_line on places (target, change);
    create table fence (only integer primary key check (only = 1), last integer not null) strict;
    insert into fence values (1, 0);

    create table tokens (
      id text primary key,
      hash text not null,
      person text not null,
      label text not null,
      created_at integer not null,
      expires_at integer,
      last_used_at integer
    ) strict;

    create table records (
      room text not null,
      key text not null,
      value text not null,
      primary key (room, key)
    ) strict, without rowid;`,
    // What happens beside the changes: its entries have the change 0, and say what they are about.
    `alter table entries add column about text;
    create index asides on entries (seq) where about is not null;
    create index asides_about on entries (about) where about is not null;`,
    `create table runs (
      number integer primary key autoincrement,
      repo text not null,
      hash text not null,
      ref text not null,
      ended integer,
      stop text,
      run text not null
    ) strict;
    create index runs_of_ref on runs (repo, ref);
    create index runs_of_commit on runs (repo, hash);
    create index runs_open on runs (number) where ended is null;
    create index runs_ended on runs (ended) where ended is not null;

    create table run_jobs (
      run integer not null references runs (number),
      place integer not null,
      name text not null,
      over integer not null,
      token integer not null,
      pid integer,
      started integer,
      boot text,
      beat integer,
      uptime integer,
      job text not null,
      state text not null,
      spec text not null,
      primary key (run, place),
      unique (run, name)
    ) strict;
    create index run_jobs_held on run_jobs (pid) where pid is not null;

    create table tests (
      repo text not null,
      run integer not null,
      job text not null,
      name text not null,
      outcome text not null,
      ms real,
      message text,
      at integer not null
    ) strict;
    create index tests_of_repo on tests (repo, run);
    create index tests_of_run on tests (run);`,
    // When changes were under way, and what they are called: graphs mark a thousand of them without reading their plans.
    `alter table changes add column ordered_at integer not null default 0;
    alter table changes add column started_at integer;
    alter table changes add column ended_at integer;
    alter table changes add column title text;
    update changes set
      ordered_at = coalesce((select at from entries where seq = ordered), 0),
      started_at = (select at from entries where change = number
        and line ->> '$.type' = 'stage-started' order by seq limit 1),
      ended_at = (select at from entries where change = number and over = 1
        and line ->> '$.type' in ('finished', 'refused', 'withdrawn', 'undone', 'stuck') order by seq limit 1),
      title = (select line ->> '$.plan.title' from entries where change = number
        and line ->> '$.type' = 'planned' order by seq limit 1);
    create index changes_in_time on changes (coalesce(ended_at, 9007199254740991), ordered_at);
    create index asides_marked on entries (coalesce(line ->> '$.until', line ->> '$.from'))
      where about = '@marks';`,
  ],
}

export const logSchema: Schema = {
  applicationId: 0x74_64_6d_32,
  migrations: [
    `create table lines (
      seq integer primary key autoincrement,
      change integer not null,
      at integer not null,
      step text not null,
      host text,
      text text not null
    ) strict;
    create index lines_of_change on lines (change);
    create table counts (change integer primary key, lines integer not null) strict;`,
  ],
}

/** Brings a database to the newest schema, or refuses one that is not ours or newer than this program. */
export function migrate(file: DatabaseSync, path: string, schema: Schema): void {
  if (versionOf(file, path, schema) === schema.migrations.length) return
  file.exec('begin immediate')
  try {
    // Another process may have migrated between the look above and the lock.
    for (const migration of schema.migrations.slice(versionOf(file, path, schema))) file.exec(migration)
    file.exec(`pragma application_id = ${schema.applicationId}`)
    file.exec(`pragma user_version = ${schema.migrations.length}`)
    file.exec('commit')
  } catch (error) {
    if (file.isTransaction) file.exec('rollback')
    throw error
  }
}

function versionOf(file: DatabaseSync, path: string, schema: Schema): number {
  const version = numberFrom(file, 'select user_version from pragma_user_version')
  const owner = numberFrom(file, 'select application_id from pragma_application_id')
  const tables = numberFrom(file, 'select count(*) from sqlite_schema')
  if (tables > 0 && owner !== schema.applicationId) throw new TroubleError(foreign(path))
  if (version > schema.migrations.length) throw new TroubleError(newer(path, version, schema))
  return version
}

const foreign = (path: string) => ({
  what: 'this database was made by another program',
  where: path,
  now: 'move the file away, or give tandem another state folder',
})

const newer = (path: string, version: number, schema: Schema) => ({
  what: `this database has schema ${version}, and this tandem knows schemas up to ${schema.migrations.length}`,
  where: path,
  now: 'upgrade tandem to the version that wrote it, or newer',
})

function numberFrom(file: DatabaseSync, sql: string): number {
  return Number(Object.values(file.prepare(sql).get() ?? {})[0])
}
