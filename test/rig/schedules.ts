import { setTimeout as delay } from 'node:timers/promises';
import type { Night, Schedule } from '../../shared/schedule.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import type { Service } from './service.ts';
import { smaCross } from './specs.ts';

/** Due once a year, far from when tests run: all that happens is what they ask for. */
export const RARELY = { cron: '0 3 1 1 *' };

/** On bundled bars, which end in 2013: nights of the years before see more of them each time. */
export const nightly: BacktestSpecInput = { ...smaCross, data: { ...smaCross.data, from: '2005-01-03' } };

export async function createSchedule(service: Service, schedule: object = {}, headers: Record<string, string> = {}): Promise<Schedule> {
  const { name: _name, ...spec } = nightly;
  const { status, body } = await service.post<Schedule>('/v1/schedules', { name: 'Nightly', ...RARELY, spec, ...schedule }, headers);
  if (status !== 201) throw new Error(`the schedule was refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** The nights so far, in the order of their nominal times. */
export async function nightsOf(service: Service, { id }: Pick<Schedule, 'id'>): Promise<Night[]> {
  const { body } = await service.get<{ items: Night[] }>(`/v1/schedules/${id}/runs?limit=100`);
  return body.items.toReversed();
}

/** Waits until the nights are as wanted. */
export async function untilNights(
  service: Service,
  schedule: Pick<Schedule, 'id'>,
  wanted: (nights: Night[]) => boolean,
): Promise<Night[]> {
  for (;;) {
    const nights = await nightsOf(service, schedule);
    if (wanted(nights)) return nights;
    await delay(50);
  }
}

/** Waits until so many nights have been compared with the ones before. */
export function compared(service: Service, schedule: Pick<Schedule, 'id'>, count: number): Promise<Night[]> {
  return untilNights(service, schedule, (nights) => nights.filter(({ comparison }) => comparison !== null).length >= count);
}

export async function untilSchedule(
  service: Service,
  { id }: Pick<Schedule, 'id'>,
  wanted: (schedule: Schedule) => boolean,
): Promise<Schedule> {
  for (;;) {
    const { body } = await service.get<Schedule>(`/v1/schedules/${id}`);
    if (wanted(body)) return body;
    await delay(50);
  }
}
