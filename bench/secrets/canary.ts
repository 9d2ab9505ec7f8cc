import type { Random } from '../../lab/random.ts'

/** A secret that is like no other text, and how it would look wherever it leaked. */
export type Canary = Readonly<{
  value: string
  /** The forms it is looked for in, with their names. */
  forms: readonly Readonly<{ name: string; bytes: Buffer }>[]
}>

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const coreLength = 27

/** `crypted`: looks like a password of /etc/shadow; otherwise there is something in it for every way of quoting. */
export function drawCanary(random: Random, crypted: boolean): Canary {
  const core = Array.from({ length: coreLength }, () => letters[random.between(0, letters.length - 1)]).join(
    '',
  )
  const value = crypted ? `$6$tandem$${core}` : `it's "${core}" & 100% \\ $HOME \`ü\``
  return { value, forms: formsOf(core) }
}

/**
 * The core has only letters and digits, so that it stands in every quoted form as it is. In base64 it has one of three
 * faces, by what comes before it; of each, what does not depend on its neighbours.
 */
function formsOf(core: string): Canary['forms'] {
  const faces = [0, 1, 2].map((before) => {
    const text = Buffer.from('x'.repeat(before) + core).toString('base64')
    return Buffer.from(text.slice(before === 0 ? 0 : 4, text.replace(/=+$/, '').length - 4))
  })
  return [
    { name: 'as it is', bytes: Buffer.from(core) },
    { name: 'in hexadecimal', bytes: Buffer.from(Buffer.from(core).toString('hex')) },
    ...faces.map((bytes) => ({ name: 'in base64', bytes })),
  ]
}

/** The forms in which a canary stands in bytes. */
export function formsIn({ forms }: Canary, bytes: Uint8Array | string): readonly string[] {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : asBuffer(bytes)
  return forms.filter((form) => buffer.includes(form.bytes)).map(({ name }) => name)
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
