import { Field } from '@/components/field.tsx';
import { faultAt } from '@/components/spec/faults.ts';
import type { Change, Draft } from './draft.ts';

interface Props {
  draft: Draft;
  change: Change;
  faults: readonly { path: string; message: string }[];
}

export function NameSection({ draft, change, faults }: Props) {
  const tags = (draft.tags ?? []).join(', ');
  const setTags = (text: string): void => {
    const next = text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean);
    change(({ tags: _tags, ...rest }) => ({ ...rest, ...(next.length > 0 && { tags: next }) }));
  };
  return (
    <section>
      <h2 className="mb-2">Name</h2>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <Field label="Name" error={faultAt(faults, 'name')}>
          {(bound) => (
            <input
              {...bound}
              className="field"
              value={draft.name ?? ''}
              onChange={({ target: { value } }) =>
                change(({ name: _name, ...rest }) => ({ ...rest, ...(value !== '' && { name: value }) }))
              }
            />
          )}
        </Field>
        <Field label="Tags" hint="Separated by commas" error={faultAt(faults, 'tags')}>
          {(bound) => <input {...bound} key={tags} className="field" defaultValue={tags} onBlur={(event) => setTags(event.target.value)} />}
        </Field>
      </div>
    </section>
  );
}
