import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import * as z from 'zod';
import { SECONDS } from '../../monitoring/registry.ts';

/** What is read of the results of steps; other steps have no such fields. */
const Simulated = z.object({ fromBar: z.number(), bar: z.number(), checkpoint: z.object({ sha256: z.string() }).nullable() });
const Opened = z.object({ slice: Simulated.nullable() });
const Items = z.object({ done: z.number() });
const Trials = z.object({ count: z.number(), cached: z.number() });

/** Measures each step as it goes through the worker, and counts what steps say they have done. */
export function measureWork(registry: Registry): ActivityInterceptorsFactory {
  const registers = [registry];
  const wait = new Histogram({
    name: 'holdfast_queue_wait_seconds',
    help: 'From the time a step could have been begun to that at which it was',
    labelNames: ['queue'],
    buckets: SECONDS,
    registers,
  });
  const steps = new Histogram({
    name: 'holdfast_step_seconds',
    help: 'How long an attempt of a step took',
    labelNames: ['step', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'holdfast_step_failures_total',
    help: 'Attempts of steps that failed, by the code of the error table',
    labelNames: ['step', 'code'],
    registers,
  });
  const running = new Gauge({ name: 'holdfast_steps_running', help: 'Steps under way', labelNames: ['step'], registers });
  const countResult = createResultCounters(registry);

  return ({ info }) => {
    const step = info.activityType;
    const execute: ActivityInboundCallsInterceptor['execute'] = async (input, next) => {
      const begun = performance.now();
      // The server does not schedule what a workflow task does by itself.
      if (!info.isLocal) wait.observe({ queue: info.taskQueue }, Math.max(0, Date.now() - info.currentAttemptScheduledTimestampMs) / 1_000);
      running.inc({ step });
      let outcome = 'failed';
      try {
        const result = await next(input);
        outcome = 'done';
        countResult(step, result);
        return result;
      } catch (error) {
        if (error instanceof CancelledFailure) outcome = 'cancelled';
        else failures.inc({ step, code: error instanceof ApplicationFailure ? (error.type ?? 'internal') : 'internal' });
        throw error;
      } finally {
        running.dec({ step });
        steps.observe({ step, outcome }, (performance.now() - begun) / 1_000);
      }
    };
    return { inbound: { execute } };
  };
}

function createResultCounters(registry: Registry): (step: string, result: unknown) => void {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const slices = counter('holdfast_slices_total', 'Slices that were simulated');
  const bars = counter('holdfast_bars_total', 'Bars that slices have simulated');
  const checkpoints = counter('holdfast_checkpoints_total', 'Checkpoints that slices have stored');
  const items = counter('holdfast_batch_items_total', 'Items of batches that were done in shards');
  const trials = new Counter({
    name: 'holdfast_trials_total',
    help: 'Trials of sweeps that were stored; known: taken from an earlier sweep',
    labelNames: ['origin'],
    registers: [registry],
  });

  const countSlice = (slice: z.infer<typeof Simulated> | null | undefined): void => {
    if (!slice) return;
    slices.inc();
    bars.inc(slice.bar - slice.fromBar);
    if (slice.checkpoint !== null) checkpoints.inc();
  };
  return (step, result) => {
    if (step === 'simulate') countSlice(Simulated.safeParse(result).data);
    if (step === 'openRun') countSlice(Opened.safeParse(result).data?.slice);
    if (step === 'runShard') items.inc(Items.safeParse(result).data?.done ?? 0);
    if (step !== 'runTrials') return;
    const { count = 0, cached = 0 } = Trials.safeParse(result).data ?? {};
    trials.inc({ origin: 'known' }, Math.min(cached, count));
    trials.inc({ origin: 'computed' }, Math.max(0, count - cached));
  };
}
