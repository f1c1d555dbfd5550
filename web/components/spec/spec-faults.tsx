import { otherFaults, type Fault } from './faults.ts';

/** How much is to be corrected, and whatever no field shows. */
export function SpecFaults({ faults, shown }: { faults: readonly Fault[]; shown: readonly string[] }) {
  const hidden = otherFaults(faults, shown);
  return (
    <div role="status" className="min-h-5 text-loss">
      {faults.length > 0 && (
        <p>
          {faults.length === 1 ? 'One thing is' : `${faults.length} things are`} to be corrected
          {hidden.length < faults.length ? ', at the fields above' : ''}
          {hidden.length > 0 ? ':' : '.'}
        </p>
      )}
      {hidden.map(({ path, message }) => (
        <p key={`${path} ${message}`}>
          <code className="font-mono">{path}</code> {message}
        </p>
      ))}
    </div>
  );
}
