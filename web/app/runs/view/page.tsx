import { RunView } from '@/components/run/run-view.tsx';

export const metadata = { title: 'Run' };

export default function RunPage() {
  return <RunView />;
}
