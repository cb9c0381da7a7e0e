"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";

/**
 * Scrolls sideways by itself when its content is too wide. While it does, the Tab key stops at it, so that it can be
 * scrolled without a mouse; while it does not, it is no stop.
 */
export function ScrollSideways({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setScrolls(element.scrollWidth > element.clientWidth);
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    // `relative`: what is only for screen readers is positioned, and would otherwise widen the page instead of this.
    <div
      ref={box}
      className="relative overflow-x-auto"
      {...(scrolls && { role: "group", "aria-label": label, tabIndex: 0 })}
    >
      {children}
    </div>
  );
}
