import { Link } from '@/components/link.tsx';

export const metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <div className="mx-auto flex max-w-prose flex-col items-center gap-3 px-4 py-16 text-center">
      <h1>There is nothing at this address</h1>
      <p className="text-muted">The link may be incomplete, or what it led to was deleted.</p>
      <Link href="/runs/" className="button">
        To the runs
      </Link>
    </div>
  );
}
