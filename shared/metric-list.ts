import { CURVE_METRICS, TRADE_METRICS } from './account-metrics.ts';
import { BENCHMARK_METRICS, RETURN_METRICS } from './return-metrics.ts';

/** Every figure of a run, in the order in which they are shown: the one list behind schema, tables and documentation. No package is imported here: a browser gets it. */
export const METRICS = { ...RETURN_METRICS, ...CURVE_METRICS, ...TRADE_METRICS, ...BENCHMARK_METRICS };
export type MetricName = keyof typeof METRICS;
