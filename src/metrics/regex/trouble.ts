/** Why an expression is none, in the words of Prometheus. */
export class PatternTrouble extends Error {
  constructor(what: string, where: string) {
    super(`error parsing regexp: ${what}: \`${where}\``)
    this.name = 'PatternTrouble'
  }
}
