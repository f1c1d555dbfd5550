import type { WriteStream } from 'node:tty';
import cliProgress from 'cli-progress';
import type { RunSummary } from '../shared/run.ts';

/** As much of a run as its progress is drawn from. */
export type RunState = Pick<RunSummary, 'status' | 'phase' | 'requested' | 'progress'>;

export interface ProgressView {
  show(run: RunState): void;
  /** Leaves what was drawn last, and ends the line. */
  stop(): void;
}

/** A bar where `stream` is a terminal, and a plain line at every tenth or change of state where it is not. */
export function createProgressView(stream: NodeJS.WriteStream | WriteStream): ProgressView {
  return stream.isTTY ? barView(stream) : lineView(stream);
}

function barView(stream: NodeJS.WriteStream): ProgressView {
  const format = '  {bar} {percent} %  {state}  {speed}';
  const bar = new cliProgress.SingleBar(
    { stream, format, barsize: 32, hideCursor: true, barCompleteChar: '█', barIncompleteChar: '░' },
    cliProgress.Presets.shades_classic,
  );
  let begun = false;
  return {
    show(run) {
      const at = { percent: percentOf(run), state: stateOf(run), speed: speedOf(run) };
      if (!begun) bar.start(1, 0, at);
      begun = true;
      bar.update(run.progress.fraction, at);
    },
    stop() {
      if (begun) bar.stop();
      begun = false;
    },
  };
}

function lineView(stream: NodeJS.WritableStream): ProgressView {
  let last = '';
  return {
    show(run) {
      const key = `${stateOf(run)} ${Math.floor(run.progress.fraction * 10)}`;
      if (key !== last) stream.write(`  ${percentOf(run)} %  ${stateOf(run)}  ${speedOf(run)}`.trimEnd() + '\n');
      last = key;
    },
    stop() {},
  };
}

function percentOf(run: RunState): string {
  return String(Math.floor(run.progress.fraction * 100)).padStart(3);
}

function stateOf(run: RunState): string {
  const asked = run.requested === null ? '' : `, ${run.requested} requested`;
  return (run.status === 'running' && run.phase !== null ? run.phase : run.status) + asked;
}

function speedOf({ progress, status }: RunState): string {
  if (status !== 'running' || progress.perSecond <= 0) return '';
  const left = progress.etaSeconds === null ? '' : `, ${Math.ceil(progress.etaSeconds)} s left`;
  return `${Math.round(progress.perSecond).toLocaleString('en')} ${progress.unit}/s${left}`;
}
