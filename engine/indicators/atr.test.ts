import { expect, it } from 'vitest';
import { readReference } from '../../test/fixtures/oracles.ts';
import { atr } from './atr.ts';
import { computeIndicator, indicatorColumn } from './compute.ts';
import { rma } from './rma.ts';
import { trueRange } from './true-range.ts';

it("is to the bit Wilder's average of the true range", () => {
  const { high, low, close } = readReference('01_aapl_sma5_20_long').bars;
  const ranges = indicatorColumn(trueRange, [high, low, close], []);
  expect(computeIndicator(atr, [high, low, close], [14])).toEqual(computeIndicator(rma, [ranges], [14]));
});
