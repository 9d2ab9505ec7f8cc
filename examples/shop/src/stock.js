// What is left of each thing, and how many were sold. The worker counts; whoever serves pages reads. The folder outlives
// releases.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const folder = new URL('data/', here)
export const { products } = JSON.parse(readFileSync(new URL('shop.json', here), 'utf8'))
export const opening = Object.fromEntries(products.map(({ id, stock }) => [id, stock]))
const nothing = Object.fromEntries(products.map(({ id }) => [id, 0]))

export const readStock = () => read('stock.json', opening)
export const writeStock = (stock) => write('stock.json', stock)
export const readSold = () => read('sold.json', nothing)
export const writeSold = (sold) => write('sold.json', sold)

function read(name, first) {
  try {
    return { ...first, ...JSON.parse(readFileSync(new URL(name, folder), 'utf8')) }
  } catch (error) {
    if (error.code === 'ENOENT') return first
    throw error
  }
}

function write(name, counts) {
  mkdirSync(folder, { recursive: true })
  // Written aside and renamed: nobody ever reads half of it.
  writeFileSync(new URL(`${name}.new`, folder), JSON.stringify(counts))
  renameSync(new URL(`${name}.new`, folder), new URL(name, folder))
}
