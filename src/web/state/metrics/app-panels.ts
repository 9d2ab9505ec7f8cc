import { panel, type PanelWish, quoted } from './panel.ts'

/** Series of an app in an environment: inside of the braces of a selector. */
export const labelsOfApp = (app: string, environment: string): string =>
  `app=${quoted(app)},env=${quoted(environment)}`

/** What the front tells of an app, by release: the same of every app, with nothing to instrument. */
export function appPanels(app: string, environment: string): readonly PanelWish[] {
  const within = labelsOfApp(app, environment)
  // A slot that no release was put into yet has numbers too: noughts.
  const server = (name: string, more = '') => `haproxy_server_${name}{${within},release!=""${more}}`
  return [
    panel('Requests', 'per second', {
      query: `sum by (release) (rate(${server('http_responses_total')}[$window]))`,
      name: '{{release}}',
    }),
    panel('Failed requests', 'share', {
      query: `sum by (release) (rate(${server('http_responses_total', ',code="5xx"')}[$window])) / sum by (release) (rate(${server('http_responses_total')}[$window]))`,
      name: '{{release}}',
    }),
    panel('Time to answer, on average', 'seconds', {
      query: `max by (release) (${server('response_time_average_seconds')})`,
      name: '{{release}}',
    }),
    panel('Requests by host', 'per second', {
      query: `sum by (host) (rate(${server('http_responses_total')}[$window]))`,
      name: '{{host}}',
    }),
  ]
}
