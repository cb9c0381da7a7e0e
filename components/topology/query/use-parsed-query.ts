"use client";

import { useMemo, useState } from "react";
import { parseQuery } from "./parse-query.ts";
import type { Query, QueryProblem } from "./query.ts";

export interface UsedQuery {
  /** What holds now: while what is typed cannot be read, that of before. */
  readonly query: Query | null;
  readonly problem: QueryProblem | null;
}

/** A query as it is typed. */
export function useParsedQuery(text: string): UsedQuery {
  const parsed = useMemo(() => parseQuery(text), [text]);
  const [last, setLast] = useState<Query | null>(null);
  if (parsed.ok && parsed.query !== last) setLast(parsed.query);
  return parsed.ok ? { query: parsed.query, problem: null } : { query: last, problem: parsed.problem };
}
