// Turns templates and styles into dist/, the folder that is deployed. The same input makes the same bytes.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const dist = new URL('dist/', here)
const read = (name) => readFileSync(new URL(name, here), 'utf8')

const shop = JSON.parse(read('shop.json'))
const style = minify(read('src/style.css'))
const styleName = `style.${createHash('sha256').update(style).digest('hex').slice(0, 8)}.css`

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
writeFileSync(new URL('style.css', dist), style)
writeFileSync(new URL('page.html', dist), render())
writeFileSync(new URL('package.json', dist), '{ "type": "module" }\n')
for (const name of ['server.js', 'worker.js', 'stock.js', 'coupon.js', 'metrics.js'])
  copyFileSync(new URL(`src/${name}`, here), new URL(name, dist))
copyFileSync(new URL('shop.json', here), new URL('shop.json', dist))
console.log(`built ${shop.products.length} products, ${style.length} bytes of style`)

/** Everything that is known now is filled in; stock and prices are for the server. */
function render() {
  const product = read('src/product.html')
  const products = shop.products.map(({ id, name, about, price }) =>
    fill(product, { id, name, about, price: `{{price ${price}}}`, stock: `{{stock ${id}}}` }),
  )
  return fill(read('src/page.html'), {
    name: shop.name,
    headline: shop.headline,
    style: `/${styleName}`,
    products: products.join('').trimEnd(),
  })
}

function fill(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name) => {
    if (!(name in values)) return whole
    return name === 'products' ? values[name] : escape(String(values[name]))
  })
}

function escape(text) {
  const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => names[character])
}

function minify(css) {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/;}/g, '}')
    .trim()
}
