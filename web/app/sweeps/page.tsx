import { SweepsView } from '@/components/sweeps/sweeps-view.tsx';

export const metadata = { title: 'Sweeps' };

export default function SweepsPage() {
  return <SweepsView />;
}
