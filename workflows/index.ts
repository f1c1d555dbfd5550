export { backtest } from './backtest.ts';
export { reconcile } from './reconcile.ts';
export { batch } from './batch.ts';
export { sweep } from './sweep.ts';
