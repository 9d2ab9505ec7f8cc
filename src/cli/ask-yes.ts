import { usage } from './args.ts'
import type { World } from './world.ts'

const longest = 1_000

/** Asks at the terminal, and takes only `yes` for it. Where nobody can be asked it is wrong usage, and `instead` helps. */
export async function askYes(world: World, question: string, instead: string): Promise<boolean> {
  if (world.input.isTTY !== true) throw usage(`nobody is here to be asked: ${question}`, instead)
  world.draw(`${question} [yes/no] `)
  const answer = await typedLine(world)
  return ['yes', 'y'].includes(answer.trim().toLowerCase())
}

/** One line of the terminal; the end of input is an empty one. */
async function typedLine({ input }: World): Promise<string> {
  input.setEncoding('utf8').resume()
  try {
    return await new Promise((resolve) => {
      let text = ''
      const take = (chunk: string): void => {
        text += chunk
        if (/[\r\n]/.test(text) || text.length > longest) end()
      }
      const end = (): void => {
        input.off('data', take)
        input.off('end', end)
        resolve(text.split(/[\r\n]/)[0] ?? '')
      }
      input.on('data', take)
      input.on('end', end)
    })
  } finally {
    input.pause()
  }
}
