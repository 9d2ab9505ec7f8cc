import type { Node } from 'yaml'
import { isLabelName, metricName } from '../../labels.ts'
import type { Expression } from '../../promql/ast.ts'
import { parseDuration } from '../../promql/parse/duration.ts'
import { parseQuery } from '../../promql/parse/parse.ts'
import { QueryTrouble } from '../../promql/parse/trouble.ts'
import type { Rule, RuleGroup, RuleMistake } from '../rule.ts'
import { type Keys, Nodes } from './nodes.ts'

export type RulesRead = Readonly<{ groups: readonly RuleGroup[]; mistakes: readonly RuleMistake[] }>

const groupKeys = ['name', 'interval', 'limit', 'rules']
const ruleKeys = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations']
const namesOfMetrics = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
/** More come from a file whose aliases are multiplied, and not from people. */
const mostRules = 10_000
/** In the place of one that cannot be read; rules with a mistake are not used. */
const noExpression = parseQuery('0')

/** Reads a file of rules as Prometheus 2.42 does. Where there are mistakes, the groups are not to be used. */
export function readRules(file: string, text: string): RulesRead {
  const nodes = new Nodes(file, text)
  if (nodes.mistakes.length > 0) return { groups: [], mistakes: nodes.mistakes }
  const groups = nodes.keys(nodes.root, ['groups'], 'the file').get('groups') ?? null
  const read: RuleGroup[] = []
  let rules = 0
  for (const node of nodes.items(groups, 'groups')) {
    const group = readGroup(nodes, node, file)
    if (read.some(({ name }) => name === group.name))
      nodes.complain(node, `there are two groups with the name '${group.name}'`)
    read.push(group)
    rules += group.rules.length
    if (rules > mostRules) {
      nodes.complain(node, `there are more than ${mostRules} rules`)
      break
    }
  }
  return { groups: read, mistakes: nodes.mistakes.toSorted((a, b) => a.line - b.line) }
}

function readGroup(nodes: Nodes, node: Node, file: string): RuleGroup {
  const keys = nodes.keys(node, groupKeys, 'a group')
  const name = nodes.text(at(keys, 'name'), 'the name of a group')
  if (name === '') nodes.complain(node, 'the group has no name')
  const interval = durationAt(nodes, keys, 'interval')
  return {
    file,
    name,
    intervalMs: interval === 0 ? null : interval,
    limit: nodes.whole(at(keys, 'limit'), 'limit'),
    rules: nodes
      .items(at(keys, 'rules'), 'rules')
      .slice(0, mostRules + 1)
      .map((rule) => readRule(nodes, rule)),
  }
}

function readRule(nodes: Nodes, node: Node): Rule {
  const keys = nodes.keys(node, ruleKeys, 'a rule')
  const record = nodes.text(at(keys, 'record'), 'record')
  const alert = nodes.text(at(keys, 'alert'), 'alert')
  const query = nodes.text(at(keys, 'expr'), 'expr')
  const forMs = durationAt(nodes, keys, 'for')
  const keepFiringMs = durationAt(nodes, keys, 'keep_firing_for')
  const labels = namedTexts(nodes, at(keys, 'labels'), 'labels')
  const annotations = namedTexts(nodes, at(keys, 'annotations'), 'annotations')
  const line = nodes.lineOf(node)
  const expression = expressionOf(nodes, at(keys, 'expr') ?? node, query)
  if (record !== '' && alert !== '') nodes.complain(node, "only one of 'record' and 'alert' may be set")
  if (record === '' && alert === '') nodes.complain(node, "one of 'record' and 'alert' must be set")
  if (metricName in labels) nodes.complain(at(keys, 'labels'), `${metricName} is no label to be set`)
  if (record === '') return { type: 'alerting', alert, line }
  refuseOfAlerts(nodes, keys, {
    for: forMs > 0,
    keep_firing_for: keepFiringMs > 0,
    annotations: Object.keys(annotations).length > 0,
  })
  if (!namesOfMetrics.test(record))
    nodes.complain(at(keys, 'record'), `'${record}' cannot be the name of a metric`)
  return { type: 'recording', record, query, expression, labels, line }
}

/** What only an alert can have; a duration of nothing is as good as none. */
function refuseOfAlerts(nodes: Nodes, keys: Keys, isSaid: Readonly<Record<string, boolean>>): void {
  for (const [key, isThere] of Object.entries(isSaid))
    if (isThere) nodes.complain(at(keys, key), `a recording rule has no '${key}'`)
}

function expressionOf(nodes: Nodes, node: Node, query: string): Expression {
  if (query === '') {
    nodes.complain(node, "the rule has no 'expr'")
    return noExpression
  }
  try {
    return parseQuery(query)
  } catch (thrown) {
    if (!(thrown instanceof QueryTrouble)) throw thrown
    nodes.complain(node, `cannot read the expression: ${thrown.message}`)
    return noExpression
  }
}

function namedTexts(nodes: Nodes, node: Node | null, what: string): Readonly<Record<string, string>> {
  const entries = [...nodes.entries(node, what)].map(([name, value]) => {
    if (!isLabelName(name)) nodes.complain(value ?? node, `'${name}' cannot be a name in ${what}`)
    return [name, nodes.text(value, `${name} in ${what}`)] as const
  })
  return Object.fromEntries(entries)
}

function durationAt(nodes: Nodes, keys: Keys, key: string): number {
  const node = at(keys, key)
  const text = nodes.text(node, key)
  if (text === '') return 0
  const read = parseDuration(text)
  if ('ms' in read) return read.ms
  nodes.complain(node, `${key}: ${read.fault}`)
  return 0
}

function at(keys: Keys, key: string): Node | null {
  return keys.get(key) ?? null
}
