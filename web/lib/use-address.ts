import { useSearchParams } from 'next/navigation';

/** What stands in the query of the address, and how to change it: a copied link opens the same view. An empty text takes a name out. */
export function useAddress() {
  const query = useSearchParams();
  const change = (changes: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    replaceQuery(next);
  };
  return { query, change };
}

/** Not by the router, which would ask the host for a page that is there already, and leave it while the host is away. */
export function replaceQuery(query: URLSearchParams): void {
  const text = query.toString();
  window.history.replaceState(null, '', text === '' ? location.pathname : `${location.pathname}?${text}`);
}
