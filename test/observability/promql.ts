import { parser } from '@prometheus-io/lezer-promql';

interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** One series of an expression, such as `up{job="node"}`. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly LabelMatcher[];
}

/** What an expression of PromQL names. */
export interface Expression {
  readonly selectors: readonly Selector[];
  /** The labels of `by`, `without`, `on` and `ignoring`. */
  readonly groupingLabels: readonly string[];
}

/**
 * Reads what an expression names.
 *
 * @throws if it is not valid, or a selector has no metric
 */
export function parsePromql(text: string): Expression {
  const tree = parser.parse(text);
  const selectors: { metric: string; matchers: LabelMatcher[] }[] = [];
  const groupingLabels: string[] = [];
  tree.iterate({
    enter: (node) => {
      const source = text.slice(node.from, node.to);
      if (node.type.isError) throw new Error(`not valid at ${node.from}: ${text}`);
      if (node.name === 'VectorSelector') selectors.push({ metric: '', matchers: [] });
      const selector = selectors.at(-1);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector' && selector !== undefined)
        selector.metric = source;
      if (node.name === 'UnquotedLabelMatcher') selector?.matchers.push(labelMatcher(source));
      if (node.name === 'LabelName' && node.node.parent?.name === 'GroupingLabels') groupingLabels.push(source);
    },
  });
  if (selectors.some(({ metric }) => metric === '')) throw new Error(`a selector without a metric: ${text}`);
  return { selectors, groupingLabels };
}

function labelMatcher(source: string): LabelMatcher {
  const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"([^"\\]*)"$/.exec(source) ?? [];
  if (label === '') throw new Error(`an unusual label matcher: ${source}`);
  return { label, operator: operator as LabelMatcher['operator'], value };
}
