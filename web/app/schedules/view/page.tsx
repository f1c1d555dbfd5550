import { ScheduleView } from '@/components/schedules/schedule-view.tsx';

export const metadata = { title: 'Schedule' };

export default function SchedulePage() {
  return <ScheduleView />;
}
