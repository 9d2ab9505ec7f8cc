import { panel, type PanelWish, quoted } from './panel.ts'

const failed = 'code="5xx"'

/** What the front of a host says of the apps behind it. */
export function frontPanels(host: string): readonly PanelWish[] {
  const of = (name: string, more = ''): string =>
    `${name}{host=${quoted(host)}${more === '' ? '' : `,${more}`}}`
  // What has been seen of a front before anybody knew whose it is has no app.
  const backend = (name: string, more = '') =>
    of(`haproxy_backend_${name}`, `app!=""${more === '' ? '' : `,${more}`}`)
  return [
    panel('Requests', 'per second', {
      query: `sum by (app, env) (rate(${backend('http_requests_total')}[$window]))`,
      name: '{{app}} {{env}}',
    }),
    panel('Failed requests', 'share', {
      query: `sum by (app, env) (rate(${backend('http_responses_total', failed)}[$window])) / sum by (app, env) (rate(${backend('http_responses_total')}[$window]))`,
      name: '{{app}} {{env}}',
    }),
    panel('Time to answer, on average', 'seconds', {
      query: `max by (app, env) (${backend('response_time_average_seconds')})`,
      name: '{{app}} {{env}}',
    }),
    panel(
      'Connections',
      'number',
      { query: of('haproxy_process_current_connections'), name: 'open' },
      { query: `sum(${backend('current_queue')})`, name: 'waiting for a place' },
    ),
    panel(
      'Bytes',
      'bytes per second',
      { query: `sum(rate(${backend('bytes_in_total')}[$window]))`, name: 'in' },
      { query: `sum(rate(${backend('bytes_out_total')}[$window]))`, name: 'out' },
    ),
    panel('Front busy', 'percent', {
      query: `100 - ${of('haproxy_process_idle_time_percent')}`,
      name: 'busy',
    }),
  ]
}
