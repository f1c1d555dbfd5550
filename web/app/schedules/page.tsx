import { SchedulesView } from '@/components/schedules/schedules-view.tsx';

export const metadata = { title: 'Schedules' };

export default function SchedulesPage() {
  return <SchedulesView />;
}
