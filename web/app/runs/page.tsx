import { Page } from '@/components/shell.tsx';

export const metadata = { title: 'Runs' };

export default function RunsPage() {
  return <Page title="Runs">…</Page>;
}
