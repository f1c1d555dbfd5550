import { NewRunView } from '@/components/new-run/new-run-view.tsx';

export const metadata = { title: 'New run' };

export default function NewRunPage() {
  return <NewRunView />;
}
