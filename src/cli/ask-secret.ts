import { TroubleError } from '../change/trouble.ts'
import { usage } from './args.ts'
import type { Input, World } from './world.ts'

const longest = 64 * 1024

/** A secret typed without being shown, or piped in: never taken from the command line, where others can see it. */
export async function askSecret(world: World, prompt: string): Promise<string> {
  const secret = world.input.isTTY === true ? await typeSecret(world, prompt) : await piped(world.input)
  if (secret === '') throw usage('nothing was given', `${prompt}: type it, or pipe it in`)
  return secret
}

async function piped(input: Input): Promise<string> {
  let text = ''
  for await (const chunk of input.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > longest)
      throw new TroubleError({ what: `over ${longest} characters came in`, now: 'pipe in less' })
  }
  return text.replace(/\r?\n$/, '')
}

/** As `askSecret`, at a terminal; it may be empty. */
export async function typeSecret(world: World, prompt: string): Promise<string> {
  const { input } = world
  world.draw(`${prompt}: `)
  input.setRawMode?.(true)
  input.setEncoding('utf8').resume()
  try {
    return await new Promise((resolve, reject) => {
      let text = ''
      const take = (chunk: string): void => {
        for (const key of chunk) {
          if (key === '\r' || key === '\n' || key === '\u0004') return done(() => resolve(text))
          if (key === '\u0003') return done(() => reject(usage('interrupted', 'nothing was kept')))
          if (key === '\u007f' || key === '\b') text = text.slice(0, -1)
          else if (key >= ' ' && text.length < longest) text += key
        }
      }
      const done = (end: () => void): void => {
        input.off('data', take)
        end()
      }
      input.on('data', take)
    })
  } finally {
    input.setRawMode?.(false)
    input.pause()
    world.draw('\n')
  }
}
