/** Why a query cannot answer with one number, with line and column; null for one that may. */
export async function queryTrouble(query: string): Promise<string | null> {
  const [{ parseQuery }, { QueryTrouble }, { documented, typeOf }] = await Promise.all([
    import('../../metrics/promql/parse/parse.ts'),
    import('../../metrics/promql/parse/trouble.ts'),
    import('../../metrics/promql/types.ts'),
  ])
  try {
    const type = typeOf(parseQuery(query))
    return type === 'scalar' || type === 'vector'
      ? null
      : `1:1: it answers with a ${documented(type)}, which is no number`
  } catch (thrown) {
    if (thrown instanceof QueryTrouble) return thrown.message
    throw thrown
  }
}
