// What is left of each thing. The worker counts; whoever serves pages reads. The folder outlives releases.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const folder = new URL('data/', here)
const file = new URL('stock.json', folder)
const { products } = JSON.parse(readFileSync(new URL('shop.json', here), 'utf8'))
const opening = Object.fromEntries(products.map(({ id, stock }) => [id, stock]))

export function readStock() {
  try {
    return { ...opening, ...JSON.parse(readFileSync(file, 'utf8')) }
  } catch (error) {
    if (error.code === 'ENOENT') return opening
    throw error
  }
}

export function writeStock(stock) {
  mkdirSync(folder, { recursive: true })
  // Written aside and renamed: nobody ever reads half of it.
  writeFileSync(new URL('stock.json.new', folder), JSON.stringify(stock))
  renameSync(new URL('stock.json.new', folder), file)
}

export { opening }
