/**
 * Programs that run inside a page and name what is wrong with it. They are text, because what they touch exists only
 * in a browser.
 */

/** Elements that make the page scroll sideways; those inside a box of their own that scrolls are fine. */
export const tooWide = `(() => {
  const limit = document.documentElement.clientWidth
  const scrolls = (element) => {
    for (let box = element.parentElement; box !== null; box = box.parentElement)
      if (box !== document.body && ['auto', 'scroll', 'hidden'].includes(getComputedStyle(box).overflowX)
        && box !== document.documentElement && box.getBoundingClientRect().right <= limit + 1) return true
    return false
  }
  const faults = document.documentElement.scrollWidth > limit ? ['the page scrolls sideways'] : []
  for (const element of document.querySelectorAll('#app *')) {
    const { right, width } = element.getBoundingClientRect()
    if (width > 1 && right > limit + 1 && !scrolls(element)) faults.push(element.outerHTML.slice(0, 120))
  }
  return faults
})()`

/** Controls without a name, fields without a label, ids used twice, headings and landmarks that are not one each. */
export const nameless = `(() => {
  const faults = []
  const wordsOf = (element) => {
    const copy = element.cloneNode(true)
    for (const hidden of copy.querySelectorAll('[aria-hidden=true], input, select')) hidden.remove()
    return copy.textContent
  }
  const nameOf = (element) => [
    element.getAttribute('aria-label') ?? '',
    ...[...(element.labels ?? [])].map(wordsOf),
    (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(''),
    ['INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName) ? '' : wordsOf(element),
  ].join('').trim()
  for (const element of document.querySelectorAll('button, a, input, select, textarea, summary, progress, dialog, nav, section, [role=log]'))
    if (nameOf(element) === '') faults.push('no name: ' + element.outerHTML.slice(0, 120))
  for (const tag of ['h1', 'main', 'header', 'nav'])
    if (document.querySelectorAll(tag).length !== 1) faults.push('not one ' + tag)
  for (const picture of document.querySelectorAll('svg:not([aria-hidden=true]), img:not([alt])'))
    faults.push('a picture without words: ' + picture.outerHTML.slice(0, 80))
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id)
  if (new Set(ids).size !== ids.length) faults.push('an id is used twice')
  if (document.documentElement.lang === '') faults.push('the page has no language')
  return faults
})()`

/** Text with less contrast to what is behind it than 4.5 to 1 (WCAG AA). */
export const lowContrast = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((part) => part / 255).map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    for (let box = element; box !== null; box = box.parentElement) {
      const color = parse(getComputedStyle(box).backgroundColor)
      if (color.length === 3 || color[3] === 1) return color
    }
    return [255, 255, 255]
  }
  const faults = new Set()
  let looked = 0
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!hasText || element.closest(':disabled, option, .unseen, .skip, noscript') || element.getClientRects().length === 0) continue
    looked += 1
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x)
    const ratio = (a + 0.05) / (b + 0.05)
    if (ratio < 4.5) faults.add(element.className + ' ' + element.textContent.slice(0, 30) + ' ' + ratio.toFixed(2))
  }
  return looked < 10 ? ['only ' + looked + ' texts were looked at'] : [...faults]
})()`
