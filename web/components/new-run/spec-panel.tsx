'use client';
import { useState } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import { Field } from '@/components/field.tsx';
import { draftOf, type Draft } from './draft.ts';

/** The same as JSON, kept in step both ways, to be taken to the command line or a notebook. */
export function SpecPanel({ draft, change }: { draft: Draft; change: (draft: Draft) => void }) {
  const json = JSON.stringify(draft, null, 2);
  // What someone types that is no spec yet stays as typed.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? json;
  const write = (next: string): void => {
    const read = draftOf(next);
    setTyped(read === null || JSON.stringify(read, null, 2) !== next ? next : null);
    if (read !== null) change(read);
  };
  return (
    <aside aria-label="The same as JSON" className="space-y-2 lg:sticky lg:top-3 lg:self-start">
      <Field
        label="The same as JSON"
        error={typed !== null && draftOf(typed) === null ? 'This is no spec yet; the form keeps what was right last.' : undefined}
      >
        {(bound) => (
          <textarea
            {...bound}
            spellCheck={false}
            className="field min-h-[420px] font-mono text-xs leading-5"
            value={text}
            onChange={(event) => write(event.target.value)}
            onBlur={() => setTyped((now) => (now !== null && draftOf(now) !== null ? null : now))}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={json} what="the spec">
          JSON
        </CopyButton>
        <CopyButton text={commandOf(draft)} what="the command">
          Command line
        </CopyButton>
        <CopyButton text={pythonOf(draft)} what="the Python code">
          Python
        </CopyButton>
      </div>
    </aside>
  );
}

function commandOf(draft: Draft): string {
  return `cat > spec.json <<'JSON'\n${JSON.stringify(draft, null, 2)}\nJSON\nbin/holdfast run spec.json --watch`;
}

/** By the HTTP API and the standard library alone. */
function pythonOf(draft: Draft): string {
  return `import json, urllib.request

spec = json.loads(${JSON.stringify(JSON.stringify(draft))})
request = urllib.request.Request(
    "${location.origin}/v1/backtests",
    data=json.dumps(spec).encode(),
    headers={"content-type": "application/json"},  # and "authorization": "Bearer hf_…" where you sign in
)
with urllib.request.urlopen(request) as answer:
    print(json.load(answer)["id"])
`;
}
