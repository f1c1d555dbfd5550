import { RunsView } from '@/components/runs/runs-view.tsx';

export const metadata = { title: 'Runs' };

export default function RunsPage() {
  return <RunsView />;
}
