import type { AskRoute } from '../../metrics/metrics-side.ts'

const get = ['GET'] as const
/** A query may be too long for an address. */
const getOrForm = ['GET', 'POST'] as const

/** What the engine answers, under `/api/v1`. */
export const asks: Readonly<Record<string, Readonly<{ route: AskRoute; methods: readonly string[] }>>> = {
  '/query': { route: 'query', methods: getOrForm },
  '/query_range': { route: 'query_range', methods: getOrForm },
  '/query_exemplars': { route: 'query_exemplars', methods: getOrForm },
  '/format_query': { route: 'format_query', methods: getOrForm },
  '/series': { route: 'series', methods: getOrForm },
  '/labels': { route: 'labels', methods: getOrForm },
  '/label/:name/values': { route: 'label_values', methods: get },
  '/metadata': { route: 'metadata', methods: get },
}
