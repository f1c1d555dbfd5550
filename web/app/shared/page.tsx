import { SharedView } from '@/components/share/shared-view.tsx';

export const metadata = { title: 'Shared run', robots: { index: false } };

export default function SharedPage() {
  return <SharedView />;
}
