"use client";

import { useEffect, useState } from "react";
import { useLive } from "./live-provider.tsx";

/** This browser's clock, Unix epoch ms, read again once a second. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNowMs(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return nowMs;
}

/** The console's clock, Unix epoch ms, for comparing with times it has sent. */
export function useServerNow(): number {
  const { clockAheadMs } = useLive();
  return useNow() + clockAheadMs;
}
