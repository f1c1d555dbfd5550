'use client';
import { useState } from 'react';
import { Field } from '@/components/field.tsx';

interface Props {
  label: string;
  value: number;
  min?: number;
  max?: number;
  step?: number;
  hint?: string;
  error?: string | undefined;
  onChange: (value: number) => void;
}

/** A number that may be empty or half typed for a while. */
export function NumberField({ label, value, min, max, step, hint, error, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? String(Number(value.toPrecision(12)));
  return (
    <Field label={label} hint={hint} error={error}>
      {(bound) => (
        <input
          {...bound}
          type="number"
          className="field number"
          min={min}
          max={max}
          step={step ?? 'any'}
          value={shown}
          onChange={({ target: { value: text, valueAsNumber } }) => {
            setTyped(text);
            if (Number.isFinite(valueAsNumber)) onChange(valueAsNumber);
          }}
          onBlur={() => setTyped(null)}
        />
      )}
    </Field>
  );
}
