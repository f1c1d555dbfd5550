import type { Params } from '#shared/strategy.ts';
import { Field } from '@/components/field.tsx';
import { faultAt } from '@/components/spec/faults.ts';
import { NumberField } from './number-field.tsx';

/** What a parameter's JSON Schema says. */
interface Property {
  type?: 'integer' | 'number' | 'string';
  minimum?: number;
  maximum?: number;
  default?: number | string;
  enum?: string[];
  description?: string;
}
interface Props {
  schema: Record<string, unknown>;
  values: Params;
  faults: readonly { path: string; message: string }[];
  onChange: (values: Record<string, number | string | boolean>) => void;
}

/** A control for each parameter of a strategy, made from its JSON Schema. What is left at its default is not written into the spec. */
export function ParamsForm({ schema, values, faults, onChange }: Props) {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Property>);
  if (properties.length === 0) return <p className="text-muted">It has no parameters.</p>;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3">
      {properties.map(([name, property]) => {
        const set = (value: number | string): void => onChange({ ...values, [name]: value });
        const error = faultAt(faults, `strategy.params.${name}`);
        const value = values[name] ?? property.default;
        if (property.enum)
          return (
            <Field key={name} label={name} hint={property.description} error={error}>
              {(bound) => (
                <select {...bound} className="field" value={String(value)} onChange={(event) => set(event.target.value)}>
                  {property.enum!.map((each) => (
                    <option key={each}>{each}</option>
                  ))}
                </select>
              )}
            </Field>
          );
        return (
          <NumberField
            key={name}
            label={name}
            value={Number(value ?? property.minimum ?? 0)}
            {...(property.minimum !== undefined && { min: property.minimum })}
            {...(property.maximum !== undefined && { max: property.maximum })}
            {...(property.type === 'integer' && { step: 1 })}
            {...(property.description !== undefined && { hint: property.description })}
            error={error}
            onChange={set}
          />
        );
      })}
    </div>
  );
}
