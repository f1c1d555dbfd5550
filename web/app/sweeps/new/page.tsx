import { NewSweep } from '@/components/sweeps/new-sweep.tsx';

export const metadata = { title: 'New sweep' };

export default function NewSweepPage() {
  return <NewSweep />;
}
