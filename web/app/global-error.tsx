'use client';
import { Broken } from '@/components/broken.tsx';
import './globals.css';

/** In place of all, where what is around every page went wrong. */
export default function ErrorOfAll({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <Broken error={error} retry={reset} />
        </main>
      </body>
    </html>
  );
}
