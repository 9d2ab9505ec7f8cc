// Sells something every few seconds, and orders anew what has run out.
import { opening, readSold, readStock, writeSold, writeStock } from './stock.js'

const everyMs = Number(process.env.EVERY_MS ?? 3000)

function sell() {
  const stock = readStock()
  const ids = Object.keys(opening)
  const id = ids[Math.floor(Math.random() * ids.length)]
  const left = stock[id] > 0 ? stock[id] - 1 : opening[id]
  writeStock({ ...stock, [id]: left })
  if (left < stock[id]) writeSold(oneMore(readSold(), id))
  console.log(left === opening[id] ? `${id}: ordered ${left}` : `${id}: sold one, ${left} left`)
}

const oneMore = (sold, id) => ({ ...sold, [id]: sold[id] + 1 })

const selling = setInterval(sell, everyMs)
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => clearInterval(selling))
sell()
