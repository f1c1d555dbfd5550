import { EMPTY_SUM, slidingProducts, slidingSums, spreads, type SumMemory } from './sliding-sums.ts';
import { NO_VARIATION, type VariationMemory, variations } from './variation.ts';
import type { Window } from './window.ts';

interface PairMemory {
  readonly x: SumMemory;
  readonly y: SumMemory;
  readonly ofX: VariationMemory;
  readonly ofY: VariationMemory;
  readonly products: SumMemory;
}

export const NO_PAIRS: PairMemory = { x: EMPTY_SUM, y: EMPTY_SUM, ofX: NO_VARIATION, ofY: NO_VARIATION, products: EMPTY_SUM };

/** How two columns vary over a window, alone and together: bars² times their variances and their covariance at each bar. */
export function pairVariations(memory: PairMemory, [x, y]: readonly [Float64Array, Float64Array], window: Window) {
  const sumsOfX = slidingSums(memory.x, x, window);
  const sumsOfY = slidingSums(memory.y, y, window);
  const ofX = variations(memory.ofX, x, window, sumsOfX);
  const ofY = variations(memory.ofY, y, window, sumsOfY);
  const products = slidingProducts(memory.products, [x, y], window);
  const after: PairMemory = { x: sumsOfX.memory, y: sumsOfY.memory, ofX: ofX.memory, ofY: ofY.memory, products: products.memory };
  return { ofX: ofX.variation, ofY: ofY.variation, together: spreads(window.bars, products, sumsOfX, sumsOfY), memory: after };
}
