import * as z from 'zod';
import { PageLink } from './page-link.ts';
import { Timing } from './schedule-timing.ts';
import { METRICS, type MetricName } from './metrics.ts';
import { RUN_KINDS, RUN_STATUSES } from './names.ts';
import { EXIT_REASONS, Result, RunError } from './run.ts';
import { shortText } from './short-text.ts';
import { SweepResult, Trial } from './sweep.ts';

const Name = shortText(200);

const Template = z
  .record(z.string(), z.unknown())
  .describe(
    'A backtest spec, or a sweep spec. Its data.from and data.to may be counted from the nominal time of a night or from the last bar before it: now, now-1d, now-6mo, now-5y, end-5y. "to" left out is now-1d',
  );

/** What to run again and again, and when. */
export const ScheduleSpec = Timing.extend({
  name: Name.optional(),
  paused: z.boolean().default(false).describe('Whether it begins paused'),
  spec: Template,
});
export type ScheduleSpec = z.infer<typeof ScheduleSpec>;

const Figure = z.number().nullable();
const MetricChange = z.object({ before: Figure, after: Figure });

const NightTrade = z.object({
  symbol: z.string(),
  side: z.enum(['long', 'short']),
  size: z.number(),
  entryTime: z.iso.datetime(),
  exitTime: z.iso.datetime().nullable().describe('Null while it is open'),
  exitReason: z.enum(EXIT_REASONS).nullable(),
  pnl: z.number(),
});
type NightTrade = z.infer<typeof NightTrade>;

/** A trial in a night: its parameters, how it did and where it stood. */
const NightTrial = Trial.pick({ params: true, objective: true, rank: true, metrics: true });
export type NightTrial = z.infer<typeof NightTrial>;

const Rank = z.int().nullable().describe('Null where it was not tried, or has no objective');

/** How the trials of a sweep stand in comparison with the night before. */
const NightRanking = z.object({
  best: z
    .object({ before: NightTrial.nullable(), after: NightTrial.nullable() })
    .describe('The best trial of each night; null where none has an objective, and before the first night'),
  top: z
    .array(
      z.object({
        params: NightTrial.shape.params,
        rank: z.object({ before: Rank, after: Rank }),
        objective: z.object({ before: Figure, after: Figure }),
      }),
    )
    .describe('The best ten of both nights, in the order of this night'),
});
export type NightRanking = z.infer<typeof NightRanking>;

/** How a night differs from the one before it, and from an earlier try of itself. */
export const NightComparison = z.object({
  revised: z
    .array(z.enum(['bars', 'spec', 'strategy', 'engine']))
    .describe(
      'What made it come out otherwise than an earlier run of the same nominal time; "bars" also where the source cannot show any more what there was then',
    ),
  before: z
    .object({ run: z.uuid(), nominalTime: z.iso.datetime() })
    .nullable()
    .describe('The night that is compared with; null for the first'),
  metrics: z
    .partialRecord(z.enum(Object.keys(METRICS) as [MetricName, ...MetricName[]]), MetricChange)
    .describe('Figures that are others than the night before; of a sweep those of its best trial'),
  trades: z
    .object({
      opened: z.int().describe('Entered after the last bar of the night before'),
      closed: z.int().describe('Exited after it, other than by the end of the data'),
      latest: z.array(NightTrade).describe('The last twenty of them'),
    })
    .nullable()
    .describe('Null for a sweep'),
  ranking: NightRanking.nullable().describe('Of a sweep; null for a backtest'),
  continued: z.object({
    newBars: z.int().nullable().describe('Bars that were simulated, where it went on from the end of the night before'),
    full: z.string().nullable().describe('Why all bars were simulated, where they were'),
  }),
});
export type NightComparison = z.infer<typeof NightComparison>;

const NightOfResult = z
  .object({ schedule: z.uuid(), nominalTime: z.iso.datetime(), comparison: NightComparison.nullable() })
  .optional()
  .describe('There for the run of a schedule; what is new is compared some moments after the end');
export type NightOfResult = z.infer<typeof NightOfResult>;

/** A result, and what is new in it where its run is a night of a schedule. */
export const ResultWithNight = Result.extend({ night: NightOfResult });
export type ResultWithNight = z.infer<typeof ResultWithNight>;

/** As {@link ResultWithNight}, of a sweep. */
export const SweepResultWithNight = SweepResult.extend({ night: NightOfResult });
export type SweepResultWithNight = z.infer<typeof SweepResultWithNight>;

/** One run of a schedule. */
export const Night = z.object({
  nominalTime: z.iso.datetime().describe('When it was due: the data window comes from it, however late it ran'),
  launchedAt: z.iso.datetime(),
  kind: z.enum(RUN_KINDS),
  run: z.uuid().nullable().describe('Null where no run was accepted'),
  status: z.enum(RUN_STATUSES).nullable().describe('Of the run; failed where none was accepted, null where it was deleted'),
  error: RunError.nullable(),
  metrics: z.record(z.string(), Figure).nullable().describe('Of a sweep those of its best trial, once they are compared'),
  comparison: NightComparison.nullable().describe('Null while it runs, and where it did not complete'),
  links: z.object({ run: z.string().nullable(), temporal: z.string().nullable(), page: PageLink }),
});
export type Night = z.infer<typeof Night>;

export const Schedule = Timing.extend({
  id: z.uuid(),
  kind: z.enum(RUN_KINDS).describe('What its nights are'),
  name: z.string(),
  owner: z.string(),
  spec: z.record(z.string(), z.unknown()).describe('As each night submits it: defaults filled in, the window as it was written'),
  paused: z.boolean().nullable().describe('Null while Temporal does not answer'),
  note: z.string().nullable().describe('Why it is paused, or what was last said of it'),
  nextRuns: z.array(z.iso.datetime()).describe('The next nominal times; none while it is paused or Temporal does not answer'),
  skipped: z
    .object({ overlap: z.int(), missed: z.int() })
    .nullable()
    .describe('Nights that did not run: because another still ran, and because the service was away for longer than the catch-up window'),
  lastRun: Night.nullable(),
  createdAt: z.iso.datetime(),
  links: z.object({ self: z.string(), runs: z.string(), temporal: z.string().nullable(), page: PageLink }),
});
export type Schedule = z.infer<typeof Schedule>;
