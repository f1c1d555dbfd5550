/** Holds the place of what is loading, at its size. */
export function Skeleton({ className = 'h-4 w-full', label }: { className?: string; label?: string }) {
  return (
    <div className={`skeleton ${className}`} aria-hidden={label === undefined} {...(label !== undefined && { role: 'status' })}>
      {label !== undefined && <span className="sr-only">{label}</span>}
    </div>
  );
}

/** Rows of a table to come. */
export function SkeletonRows({ rows = 8, label }: { rows?: number; label: string }) {
  return (
    <div role="status" className="divide-y divide-line">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-8 items-center gap-4 px-2">
          <Skeleton className="h-3 w-1/4" />
          <Skeleton className="h-3 w-16" />
          <Skeleton className="h-3 flex-1" />
        </div>
      ))}
    </div>
  );
}
