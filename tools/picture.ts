import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const root = join(import.meta.dirname, '..')
const target = join(root, 'docs/dashboard.png')
const limitMs = 180_000

/** Plays the demo in a copy of this checkout, ships a bad and a good release, and draws the dashboard of the README. */
async function draw(): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'tandem-picture-'))
  const overdue = setTimeout(() => process.exit(1), limitMs).unref()
  try {
    execFileSync('git', ['clone', '--quiet', root, copy])
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    cpSync(join(root, 'build/web'), join(copy, 'build/web'), { recursive: true })
    await playAndDraw(copy)
  } finally {
    clearTimeout(overdue)
    rmSync(copy, { recursive: true, force: true })
  }
}

async function playAndDraw(copy: string): Promise<void> {
  const demo = spawn(join(copy, 'bin/tandem'), ['demo'], { cwd: copy, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const link = await played(demo)
    const shop = join(copy, '.tandem/demo/shop')
    ship(copy, shop, 'Give every third visitor a coupon', () =>
      execFileSync('node', [join(shop, 'break.js')]),
    )
    execFileSync('git', ['-C', shop, 'revert', '--no-edit', 'HEAD'])
    ship(copy, shop, 'Say it better', () =>
      execFileSync('sed', ['-i', 's/every ride/each ride/', join(shop, 'shop.json')]),
    )
    await photograph(link)
  } finally {
    const ended = new Promise((resolve) => demo.once('exit', resolve))
    demo.kill('SIGINT')
    await ended
  }
}

/** Resolves with the link that logs a browser in, once the demo has shown what it shows. */
async function played(demo: ChildProcess): Promise<string> {
  if (demo.stdout === null) throw new Error('the demo has no output')
  let link = ''
  for await (const line of createInterface({ input: demo.stdout })) {
    process.stdout.write(`${line}\n`)
    link = /https?:\S+#token=\S+/.exec(line)?.[0] ?? link
    if (line.includes('try this')) return link
  }
  throw new Error('the demo ended before it had shown anything')
}

function ship(copy: string, shop: string, why: string, edit: () => void): void {
  edit()
  execFileSync('git', ['-C', shop, 'commit', '--quiet', '-am', why])
  try {
    execFileSync(join(copy, 'bin/tandem'), ['deploy', '--project', shop, '--why', why], { stdio: 'ignore' })
  } catch {
    // The bad release is undone, as it should be: that is what the picture shows.
  }
}

async function photograph(link: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: { width: 1120, height: 720 }, deviceScaleFactor: 1.5 })
  await page.goto(link)
  await page.getByText('Say it better').first().waitFor()
  await page.screenshot({ path: target })
  await browser.close()
}

await draw()
process.stdout.write(`drew ${target}\n`)
