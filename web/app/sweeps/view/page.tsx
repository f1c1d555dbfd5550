import { SweepView } from '@/components/sweeps/sweep-view.tsx';

export const metadata = { title: 'Sweep' };

export default function SweepPage() {
  return <SweepView />;
}
