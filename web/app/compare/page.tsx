import { CompareView } from '@/components/compare/compare-view.tsx';

export const metadata = { title: 'Compare' };

export default function ComparePage() {
  return <CompareView />;
}
