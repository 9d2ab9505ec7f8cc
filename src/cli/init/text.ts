import type { Fit } from './fit.ts'

/** A fit after this machine was asked: with a name that Tandem accepts, and a port that is free. */
export type Settled = Readonly<{ app: string; fit: Fit }>

/** The text of a `tandem.ts`: short, with a comment wherever people are likely to change something. */
export function configText({ app, fit }: Settled, typesFile: string | null): string {
  return `${typesFile === null ? '' : `/// <reference path="${typesFile}" />\n`}import { tandem } from 'tandem'

// What is deployed, and where to: \`tandem plan\` shows what would happen, \`tandem deploy\` makes it happen.
export default tandem({
  hosts: {
    // This machine. A server is written so: web1: { address: 'deploy@10.0.0.1', roles: ['web'] },
    local: { via: 'local' },
  },
  apps: {
    ${keyText(app)}: {
${appLines(fit)
  .map((line) => `      ${line}\n`)
  .join('')}    },
  },
})
`
}

function appLines(fit: Fit): readonly string[] {
  return [
    ...buildLines(fit),
    ...runLines(fit),
    ...portLines(fit),
    ...healthLines(fit),
    ...envLines(fit),
    ...fit.hints.map((hint) => `// ${hint}`),
  ]
}

function buildLines({ build }: Fit): readonly string[] {
  if (build === null) return ['// No build: the checkout is the release.']
  const run = quoted(build.run)
  return [
    build.output === null ? `build: ${run},` : `build: { run: ${run}, output: ${quoted(build.output)} },`,
  ]
}

function runLines({ run, port }: Fit): readonly string[] {
  const commands = Object.entries(run).map(([name, command]) => `${keyText(name)}: ${quoted(command)}`)
  if (commands.length === 0) return ['// The command that starts it.', "run: { web: 'sh start.sh' },"]
  const about = port === null ? [] : ['// `web` listens on the port in the variable PORT.']
  if (commands.length === 1) return [...about, `run: { ${commands.join()} },`]
  return [...about, 'run: {', ...commands.map((command) => `  ${command},`), '},']
}

function portLines({ port, isPortFixed }: Fit): readonly string[] {
  if (port === null) return []
  if (!isPortFixed) return [`port: ${port},`]
  return [
    `port: ${port},`,
    '// It listens on this port whatever PORT says, so it is restarted in place. Once it reads PORT, take this line out:',
    '// then releases change without a failed request.',
    "front: 'none',",
  ]
}

function healthLines({ port, health }: Fit): readonly string[] {
  if (port === null) return []
  if (health !== null) return [`health: ${quoted(health)},`]
  return [
    '// The path that answers 200 once it is ready. Until it is here, a port that accepts connections has to do.',
    "// health: '/health',",
  ]
}

function envLines({ env, runtime }: Fit): readonly string[] {
  const variables = Object.entries(env).map(([name, value]) => `${keyText(name)}: ${quoted(value)},`)
  if (variables.length === 0) return []
  const about =
    env['PATH'] === undefined
      ? []
      : [`  // Where ${runtime} is on this machine. Servers that have it in /usr/bin need no PATH.`]
  return ['env: {', ...about, ...variables.map((variable) => `  ${variable}`), '},']
}

function keyText(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : quoted(name)
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}
