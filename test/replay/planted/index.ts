import { sleep } from '@temporalio/workflow';

/** A workflow of the same name that does other things: what a careless deploy would bring over running runs. */
export async function backtest(): Promise<void> {
  await sleep('1h');
}
