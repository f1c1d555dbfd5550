import { DatasetsView } from '@/components/datasets/datasets-view.tsx';

export const metadata = { title: 'Datasets' };

export default function DatasetsPage() {
  return <DatasetsView />;
}
