interface ChartKeyProps {
  readonly entries: readonly { readonly name: string; readonly color: string; readonly dashed?: boolean }[];
}

/** What the colours of a chart mean. */
export function ChartKey({ entries }: ChartKeyProps) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2">
      {entries.map(({ name, color, dashed = false }) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg aria-hidden width={14} height={10}>
            <line
              x1={0}
              x2={14}
              y1={5}
              y2={5}
              stroke={color}
              strokeWidth={dashed ? 2 : 6}
              strokeDasharray={dashed ? "4 3" : undefined}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
