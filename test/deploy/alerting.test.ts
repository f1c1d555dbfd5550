import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAlerts, readDashboard, shownExpressions } from '../rig/alerting.ts';
import { readPromQl } from '../rig/promql.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../deploy/prometheus');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('alerts and dashboard', () => {
  it('ask Prometheus what it understands', () => {
    const expressions = shownExpressions();
    expect(expressions.length).toBeGreaterThan(30);
    for (const expression of expressions) expect(readPromQl(expression).metrics, expression).not.toEqual([]);
    expect(() => readPromQl('sum by (queue) (rate(holdfast_bars_total[5m])')).toThrow('no PromQL');
  });

  it('name each alert once, and each says what to do', () => {
    const names = readAlerts().map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lay the panels out without an overlap', () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of readDashboard().panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), `${title} lies on another panel`).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  it('promtool takes the rules, and they fire when they should', (context) => {
    if (!hasPromtool) return context.skip('promtool is not here (Debian: apt-get install prometheus)');
    for (const args of [
      ['check', 'rules', 'alerts.yml'],
      ['test', 'rules', 'alerts.test.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: FOLDER, encoding: 'utf8' });
      expect(status, stdout + stderr).toBe(0);
    }
  });
});
