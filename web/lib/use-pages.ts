import useSWRInfinite, { type SWRInfiniteConfiguration } from 'swr/infinite';
import { getApi } from './use-api.ts';

export interface PageOf<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** A list of the API of which the next page comes when it is needed: `more` asks for it. */
export function usePages<Item, Answer extends PageOf<Item> = PageOf<Item>>(
  path: string | null,
  options: SWRInfiniteConfiguration<Answer, Error> = {},
) {
  const keyOf = (index: number, before: Answer | null): string | null => {
    if (path === null || (index > 0 && !before?.nextCursor)) return null;
    return index === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(before!.nextCursor!)}`;
  };
  const { data, error, setSize, mutate, isValidating } = useSWRInfinite<Answer, Error>(keyOf, getApi, {
    keepPreviousData: true,
    ...options,
  });
  const last = data?.at(-1);
  return {
    items: data?.flatMap(({ items }) => items),
    first: data?.[0],
    error,
    isValidating,
    refresh: () => void mutate(),
    more: () => {
      if (last?.nextCursor && !isValidating) void setSize((size) => size + 1);
    },
    isMore: Boolean(last?.nextCursor),
  };
}
