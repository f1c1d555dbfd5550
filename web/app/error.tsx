'use client';
import { Broken } from '@/components/broken.tsx';

/** Within the navigation, which stays. */
export default function ErrorOfPage({ error, reset }: { error: Error; reset: () => void }) {
  return <Broken error={error} retry={reset} />;
}
