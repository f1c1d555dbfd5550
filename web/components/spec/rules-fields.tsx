'use client';
import dynamic from 'next/dynamic';
import type { RulesInput } from '#shared/rules.ts';
import type { Params } from '#shared/strategy.ts';
import { persistently } from '@/lib/persistently.ts';

/** With its checker: only who writes rules needs it. */
const RulesEditor = dynamic(
  persistently(() => import('./rules-editor.tsx').then((module) => module.RulesEditor)),
  { ssr: false, loading: () => <div className="skeleton h-64" /> },
);

interface Strategy {
  rules?: RulesInput | undefined;
  params?: Params | undefined;
}

/** The rules of a strategy, checked while they are typed; nothing for one that has a name. */
export function RulesFields({ strategy, onChange }: { strategy: Strategy | undefined; onChange: (rules: RulesInput) => void }) {
  const { rules, params = {} } = strategy ?? {};
  if (typeof rules !== 'object' || rules === null) return null;
  return <RulesEditor rules={rules} params={params} onChange={onChange} />;
}
