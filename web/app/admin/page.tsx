import { AdminView } from '@/components/admin/admin-view.tsx';

export const metadata = { title: 'Operators' };

export default function OperatorsPage() {
  return <AdminView />;
}
