const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const ascii = /^[\x20-\x7e]*$/
const letters = new Intl.Segmenter()

/** How many columns of a terminal a text takes, once nothing in it moves the cursor. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length
  return [...letters.segment(text)].reduce((sum, { segment }) => sum + letterWidth(segment), 0)
}

/** Cut to so many columns, with a sign that there was more. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let left = columns - 1
  let kept = ''
  for (const { segment } of letters.segment(text)) {
    left -= letterWidth(segment)
    if (left < 0) break
    kept += segment
  }
  return columns < 1 ? '' : `${kept}…`
}

const letterWidth = (letter: string): number => (wide.test(letter) ? 2 : 1)
