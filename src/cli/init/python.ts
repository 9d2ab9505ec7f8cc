import { type Fit, unfitted } from './fit.ts'
import { healthIn, listeningOf } from './listen.ts'
import type { Project } from './project.ts'

const usualPort = 8000
const packages = '.packages'

type Server = Readonly<{
  kind: string
  command: string
  port: number
  isPortFixed: boolean
  hints: readonly string[]
}>

/** A project with Python's list of packages, or a Python program where no `package.json` starts something else. */
export function fitPython(project: Project): Fit | null {
  const { files, texts } = project
  const install = installOf(files)
  const hasNode = texts.has('package.json')
  if (install === null && (hasNode || !files.some((file) => /^[^/]+\.py$/.test(file)))) return null
  const server = serverOf(project)
  const worker = server === null ? programOf(project) : null
  if (server === null && worker === null) return null
  return {
    ...unfitted,
    kind: server?.kind ?? 'a Python program',
    name: /^name\s*=\s*["']([^"']+)["']/m.exec(texts.get('pyproject.toml') ?? '')?.[1] ?? null,
    build: install === null ? null : { run: install, output: null },
    run: server === null ? { worker: `python3 ${worker}` } : { web: server.command },
    port: server?.port ?? null,
    isPortFixed: server?.isPortFixed ?? false,
    health: server === null ? null : healthIn(project),
    env: install === null ? {} : { PYTHONPATH: packages },
    runtime: 'python3',
    hints: server?.hints ?? [],
  }
}

/** Into a folder of the release: a virtual environment has links that lead out of it. */
function installOf(files: readonly string[]): string | null {
  const into = `python3 -m pip install --target ${packages}`
  if (files.includes('requirements.txt')) return `${into} -r requirements.txt`
  return files.includes('pyproject.toml') ? `${into} .` : null
}

function serverOf(project: Project): Server | null {
  return djangoOf(project) ?? asgiOf(project) ?? wsgiOf(project) ?? plainServerOf(project)
}

function djangoOf(project: Project): Server | null {
  const { files } = project
  const settings = files.find((file) => /^[^/]+\/wsgi\.py$/.test(file))
  if (!files.includes('manage.py') || settings === undefined) return null
  const module = settings.slice(0, -'.py'.length).replaceAll('/', '.')
  const command = hasPackage(project, 'gunicorn')
    ? `python3 -m gunicorn ${module} --bind 127.0.0.1:$PORT`
    : 'python3 manage.py runserver --noreload 127.0.0.1:$PORT'
  return {
    kind: 'a Django app',
    command,
    port: usualPort,
    isPortFixed: false,
    hints: ["migrate: 'python3 manage.py migrate --noinput',"],
  }
}

function asgiOf(project: Project): Server | null {
  const found = applicationIn(
    project,
    /^(\w+)\s*(?::[^=\n]*)?=\s*(?:fastapi\.)?(?:FastAPI|Starlette|Litestar|Quart)\(/m,
  )
  if (found === null) return null
  const command = `python3 -m uvicorn ${found} --host 127.0.0.1 --port $PORT`
  return { kind: 'an ASGI app', command, port: usualPort, isPortFixed: false, hints: [] }
}

function wsgiOf(project: Project): Server | null {
  const found = applicationIn(
    project,
    /^(\w+)\s*(?::[^=\n]*)?=\s*(?:flask\.)?(?:Flask|Bottle|Falcon|falcon\.App)\(/m,
  )
  if (found === null) return null
  const command = hasPackage(project, 'gunicorn')
    ? `python3 -m gunicorn ${found} --bind 127.0.0.1:$PORT`
    : `python3 -m flask --app ${found} run --host 127.0.0.1 --port $PORT`
  return { kind: 'a Flask app', command, port: usualPort, isPortFixed: false, hints: [] }
}

function plainServerOf(project: Project): Server | null {
  const listening = listeningOf(project, ['.py'])
  const program = programOf(project)
  if (program === null || listening.type === 'no') return null
  return {
    kind: 'a Python app',
    command: `python3 ${program}`,
    port: listening.port ?? usualPort,
    isPortFixed: listening.type === 'fixed',
    hints: [],
  }
}

/** `module:variable` of the application object, near the top of the project. */
function applicationIn({ texts }: Project, pattern: RegExp): string | null {
  for (const [file, text] of texts) {
    const variable =
      file.endsWith('.py') && !/(^|\/)tests?\//.test(file) ? pattern.exec(text)?.[1] : undefined
    if (variable === undefined) continue
    return `${file
      .slice(0, -'.py'.length)
      .replaceAll('/', '.')
      .replace(/\.__init__$/, '')}:${variable}`
  }
  return null
}

function programOf({ files }: Project): string | null {
  return (
    ['main.py', 'app.py', 'server.py', 'run.py', 'src/main.py'].find((file) => files.includes(file)) ?? null
  )
}

function hasPackage({ texts }: Project, name: string): boolean {
  const listed = `${texts.get('requirements.txt') ?? ''}\n${texts.get('pyproject.toml') ?? ''}`
  return new RegExp(`^\\W*${name}\\b`, 'm').test(listed)
}
