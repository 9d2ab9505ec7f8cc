// The shop: one page, the stock as JSON, and the questions that a deploy asks.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { couponFor } from './coupon.js'
import { metricsText } from './metrics.js'
import { readStock } from './stock.js'

const here = new URL('.', import.meta.url)
const page = readFileSync(new URL('page.html', here), 'utf8')
const style = readFileSync(new URL('style.css', here))
const release = process.env.TANDEM_RELEASE ?? 'none'
const stopLimitMs = 10_000
let served = 0
let isStopping = false

const server = createServer((request, response) => {
  response.setHeader('x-release', release)
  if (isStopping) response.setHeader('connection', 'close')
  try {
    answer(new URL(request.url, 'http://shop').pathname, response)
  } catch (error) {
    console.error(error)
    say(response, 500, 'text/plain', 'something went wrong here, sorry\n')
  }
})

function answer(path, response) {
  if (path === '/health') return say(response, 200, 'text/plain', 'ok\n')
  if (path === '/') return say(response, 200, 'text/html', home())
  if (path === '/api/stock') return say(response, 200, 'application/json', JSON.stringify(readStock()))
  if (path === '/metrics') return say(response, 200, 'text/plain', metricsText(served))
  if (path.startsWith('/style.')) {
    response.setHeader('cache-control', 'public, max-age=31536000, immutable')
    return say(response, 200, 'text/css', style)
  }
  return say(response, 404, 'text/plain', 'there is no such page\n')
}

function home() {
  served += 1
  const stock = readStock()
  const off = couponFor(served)
  return page
    .replace(/\{\{stock (\w+)\}\}/g, (_, id) => String(stock[id] ?? 0))
    .replace(/\{\{price (\d+)\}\}/g, (_, cents) => money(Number(cents) * (1 - off)))
    .replace('{{release}}', release.slice(0, 7))
    .replace('{{served}}', served === 1 ? 'once' : `${served} times`)
}

function money(cents) {
  return `${(cents / 100).toFixed(2)} €`
}

function say(response, status, type, body) {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

// Whoever is being served is served to the end; then we go.
function stop() {
  if (isStopping) return
  isStopping = true
  server.close(() => process.exit(0))
  setInterval(() => server.closeIdleConnections?.(), 50)
  setTimeout(() => process.exit(1), stopLimitMs)
}

process.on('SIGTERM', stop)
process.on('SIGINT', stop)
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`release ${release} of the shop listens on port ${server.address().port}`)
})
