import { type Fit, unfitted } from './fit.ts'
import { fitGo } from './go.ts'
import { fitNode } from './node.ts'
import { fitProcfile } from './procfile.ts'
import type { Project } from './project.ts'
import { fitPython } from './python.ts'
import { fitStatic } from './static.ts'

/** Looks at what lies in a project and says how to build and run it; the first kind that recognizes it wins. */
export function fitProject(project: Project): Fit {
  const fitted = fitPython(project) ?? fitNode(project) ?? fitGo(project) ?? fitStatic(project) ?? unfitted
  const whole = fitProcfile(project, fitted)
  return { ...whole, hints: [...whole.hints, ...secretHints(project)] }
}

function secretHints({ texts }: Project): readonly string[] {
  const example = texts.get('.env.example') ?? ''
  const names = [...example.matchAll(/^(?:export )?([A-Z][A-Z0-9_]*)=/gm)].flatMap(([, name]) => name ?? [])
  const wanted = [...new Set(names)].filter((name) => name !== 'PORT').slice(0, 20)
  if (wanted.length === 0) return []
  return [`secrets: [${wanted.map((name) => `'${name}'`).join(', ')}], // values: tandem secret set NAME`]
}
