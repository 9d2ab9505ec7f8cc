import type { Described } from '../intake.ts'

type Family = Readonly<{ type: Described['type']; help: string; lines: string[] }>

/** A page in the text format of Prometheus, written family by family. */
export class Page {
  readonly #families = new Map<string, Family>()

  /** Begins a metric, or goes on with it. What is said of a value that is no number is nothing. */
  metric(name: string, type: Described['type'], help = ''): Metric {
    const known = this.#families.get(name) ?? { type, help, lines: [] }
    this.#families.set(name, known)
    return (value, labels = {}, ending = '') => {
      if (!Number.isFinite(value)) return
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
      known.lines.push(`${name}${ending}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`)
    }
  }

  text(): string {
    const texts = [...this.#families].flatMap(([name, { type, help, lines }]) => {
      if (lines.length === 0) return []
      const told = help === '' ? '' : `# HELP ${name} ${help}\n`
      return [`${told}# TYPE ${name} ${type === 'unknown' ? 'untyped' : type}\n${lines.join('')}`]
    })
    return texts.join('')
  }
}

/** `ending` is what is hung on the name: `_sum` of a histogram. */
export type Metric = (value: number, labels?: Readonly<Record<string, string>>, ending?: string) => void

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
