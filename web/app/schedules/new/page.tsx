import { NewSchedule } from '@/components/schedules/new-schedule.tsx';

export const metadata = { title: 'New schedule' };

export default function NewSchedulePage() {
  return <NewSchedule />;
}
