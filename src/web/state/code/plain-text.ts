/**
 * Text of somebody else, made safe to look at: what would move the cursor, turn the direction of writing or hide itself
 * becomes a sign that can be seen. Tabs and line ends stay.
 */
export const plainText = (text: string): string =>
  text.replace(unseen, (sign) => {
    const code = sign.charCodeAt(0)
    return code < 32 ? String.fromCharCode(0x2400 + code) : code === 127 ? '\u2421' : `<U+${hexOf(code)}>`
  })

const hexOf = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0')

/** Control signs, and the signs that turn text around (CVE-2021-42574) or have no width. */
// oxlint-disable-next-line no-control-regex -- it is what this is about
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
