import type { Database } from './database.ts'
import type { Records } from '../store.ts'

export function sqliteRecords(database: Database): Records {
  const get = database.query<{ value: string }>('select value from records where room = ? and key = ?')
  const list = database.query<{ key: string; value: string }>(
    'select key, value from records where room = ? order by key',
  )
  const put = database.command(
    `insert into records (room, key, value) values (?, ?, ?)
      on conflict (room, key) do update set value = excluded.value`,
  )
  const remove = database.command('delete from records where room = ? and key = ?')
  return {
    get: async (room, key) => {
      const row = get.one(room, key)
      return row === undefined ? undefined : JSON.parse(row.value)
    },
    put: (room, key, value) => {
      // Written down now: the caller may alter its value before the transaction begins.
      const text = JSON.stringify(value)
      return database.write(() => void put(room, key, text))
    },
    remove: (room, key) => database.write(() => void remove(room, key)),
    list: async (room) =>
      list.all(room).map(({ key, value }) => ({ key, value: JSON.parse(value) as unknown })),
  }
}
