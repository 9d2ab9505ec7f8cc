const block = 512

/**
 * An archive of small files, at once: what the library gives is a stream, and a program is made in one piece. Names are
 * digests, so the plainest header is enough.
 */
export function tarOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const pieces: Uint8Array[] = []
  for (const [name, bytes] of files) {
    pieces.push(headerOf(name, bytes.length), bytes, new Uint8Array((block - (bytes.length % block)) % block))
  }
  return Buffer.concat([...pieces, new Uint8Array(2 * block)])
}

/** The header of POSIX (ustar): text fields at fixed places, numbers in octal, and a sum over all of it. */
function headerOf(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(block)
  header.write(name, 0, 100)
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${octal(size, 11)}\0`, 124)
  header.write(`${octal(0, 11)}\0`, 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\u000000', 257)
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  return header
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
