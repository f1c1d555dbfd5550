import { parser } from '@prometheus-io/lezer-promql';

/** What an expression asks for. */
export interface PromQuery {
  metrics: string[];
  labels: string[];
}

/** Reads a PromQL expression; throws where it is none. */
export function readPromQl(expression: string): PromQuery {
  const query: PromQuery = { metrics: [], labels: [] };
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
      const text = expression.slice(from, to);
      if (type.name === 'Identifier' && node.parent?.type.name === 'VectorSelector') query.metrics.push(text);
      if (type.name === 'LabelName') query.labels.push(text);
    },
  });
  return query;
}

/** Names that a scrape knows, with and without the endings of histograms. */
export function metricsOf(scrape: string): Set<string> {
  return new Set(
    [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  );
}
