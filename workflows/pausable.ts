import { CancellationScope, condition, defineSignal, isCancellation, setHandler } from '@temporalio/workflow';
import { SIGNALS } from '../shared/names.ts';

const pauseSignal = defineSignal(SIGNALS.pause);
const resumeSignal = defineSignal(SIGNALS.resume);

export interface Pausable {
  /**
   * Runs a step that a pause may interrupt. The step is cancelled by a pause and may still return what it has; if it throws instead, it
   * is started anew after the resume. A cancelled workflow rejects here.
   */
  run<Value>(step: () => Promise<Value>): Promise<Value>;
  /** Waits while paused. */
  whilePaused(): Promise<void>;
  /** From now on a pause comes too late. */
  seal(): void;
  unseal(): void;
}

export interface PauseListeners {
  pausing(): void;
  paused(): Promise<void>;
  resumed(): Promise<void>;
  /** A signal came that asks for what is so already. */
  isSo(request: 'pause' | 'resume'): void;
}

/** Listens to the pause and resume signals. Signals may come in any number and order, before the first step and between steps. */
export function createPausable(listeners: PauseListeners): Pausable {
  let paused = false;
  let announced = false;
  let sealed = false;
  let step: CancellationScope | undefined;

  setHandler(
    pauseSignal,
    () => {
      if (sealed) return;
      if (paused) return listeners.isSo('pause');
      paused = announced = true;
      listeners.pausing();
      step?.cancel();
    },
    { description: 'Stop at the next bar and keep everything; no argument' },
  );
  setHandler(
    resumeSignal,
    () => {
      if (!announced && !sealed) listeners.isSo('resume');
      paused = false;
    },
    { description: 'Go on where the pause stopped; no argument' },
  );

  /** Also for a pause that was taken back before the step had stopped: what was announced must be taken back as well. */
  async function whilePaused(): Promise<void> {
    while (announced) {
      if (paused) await listeners.paused();
      await condition(() => !paused);
      announced = false;
      await listeners.resumed();
    }
  }

  return {
    whilePaused,
    seal: () => void (sealed = true),
    unseal: () => void (sealed = false),
    async run(work) {
      for (;;) {
        await whilePaused();
        step = new CancellationScope();
        try {
          return await step.run(work);
        } catch (error) {
          const forPause = step.consideredCancelled && !CancellationScope.current().consideredCancelled;
          if (!isCancellation(error) || !forPause) throw error;
        } finally {
          step = undefined;
        }
      }
    },
  };
}
