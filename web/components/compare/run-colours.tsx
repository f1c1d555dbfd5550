/** Of the runs that are compared, in their order: names of colours of globals.css. Each also has its letter, so that no one depends on colour. */
export const RUN_TONES = ['run-a', 'run-b', 'run-c', 'run-d', 'run-e', 'run-f', 'run-g', 'run-h'] as const;
export const MOST_RUNS = RUN_TONES.length;

export const letterOf = (index: number): string => String.fromCharCode(65 + index);

/** The letter of a run in the colour of its curve. */
export function Letter({ index }: { index: number }) {
  return (
    <span className="inline-flex items-center gap-1 font-semibold">
      <span aria-hidden="true" className="h-2.5 w-2.5 shrink-0 rounded-full" style={{ background: `var(--${RUN_TONES[index]})` }} />
      {letterOf(index)}
    </span>
  );
}
