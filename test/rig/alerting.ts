import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../..');

const Text = z.string().min(1);
/** As Prometheus reads rule files: prometheus.io, "Alerting rules". */
const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: Text,
      rules: z
        .array(
          z.strictObject({
            alert: Text.regex(/^Holdfast[A-Z]\w+$/),
            expr: Text,
            for: Text.regex(/^\d+[smhd]$/).optional(),
            labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.strictObject({ summary: Text, description: Text }),
          }),
        )
        .min(1),
    }),
  ),
});

const Panel = z.looseObject({
  type: z.enum(['row', 'timeseries']),
  title: Text,
  gridPos: z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  targets: z.array(z.looseObject({ expr: Text, legendFormat: Text })).default([]),
});
const Dashboard = z.looseObject({ uid: z.literal('holdfast'), title: Text, schemaVersion: z.int(), panels: z.array(Panel).min(1) });

function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

export function readAlerts() {
  return Rules.parse(parse(textOf('deploy/prometheus/alerts.yml'))).groups.flatMap(({ rules }) => rules);
}

export function readDashboard(): z.infer<typeof Dashboard> {
  return Dashboard.parse(JSON.parse(textOf('deploy/grafana/holdfast.json')));
}

/** All that alerts and dashboard ask Prometheus; Grafana puts an interval where a rate wants one. */
export function shownExpressions(): string[] {
  const shown = readDashboard().panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  return [...readAlerts().map(({ expr }) => expr), ...shown].map((expression) => expression.replaceAll('$__rate_interval', '5m'));
}
