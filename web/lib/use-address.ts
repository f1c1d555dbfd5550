import { usePathname, useRouter, useSearchParams } from 'next/navigation';

/** What stands in the query of the address, and how to change it: a copied link opens the same view. An empty text takes a name out. */
export function useAddress() {
  const router = useRouter();
  const path = usePathname();
  const query = useSearchParams();
  const change = (changes: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    router.replace(`${path}?${next.toString()}`, { scroll: false });
  };
  return { query, change };
}
