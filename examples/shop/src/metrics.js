// The shop's own numbers, as Prometheus reads them: what is sold stands beside what a machine is busy with.
import { products, readSold, readStock } from './stock.js'

export function metricsText(served) {
  const [stock, sold] = [readStock(), readSold()]
  const revenue = products.reduce((sum, { id, price }) => sum + (sold[id] * price) / 100, 0)
  return [
    ...metric('shop_pages_total', 'counter', 'Pages shown by this process.', [['', served]]),
    ...metric('shop_sold_total', 'counter', 'Things sold.', byItem(sold)),
    ...metric('shop_revenue_euros_total', 'counter', 'What they cost together.', [['', revenue]]),
    ...metric('shop_stock', 'gauge', 'Things that are left.', byItem(stock)),
    '',
  ].join('\n')
}

const byItem = (counts) => products.map(({ id }) => [`{item="${id}"}`, counts[id]])

function metric(name, type, help, values) {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${labels} ${value}`),
  ]
}
