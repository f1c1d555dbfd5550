'use client';
import NextLink from 'next/link';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';

/** A link within the page. What it leads to is fetched when somebody is about to follow it, and not for each link that is in sight: a list has many. */
export function Link({ href, ...rest }: Omit<ComponentProps<typeof NextLink>, 'href'> & { href: string }) {
  const router = useRouter();
  const prepare = (): void => router.prefetch(href);
  return <NextLink href={href} prefetch={false} onPointerEnter={prepare} onFocus={prepare} {...rest} />;
}
