export { backtest } from './backtest.ts';
export { reconcile } from './reconcile.ts';
export { batch } from './batch.ts';
export { sweep } from './sweep.ts';
export { launch } from './launch.ts';
export { notify } from './notify.ts';
export { tidy } from './tidy.ts';
