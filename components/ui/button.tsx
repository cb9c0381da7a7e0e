import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

type Variant = "primary" | "secondary" | "ghost" | "danger";
type Size = "sm" | "md" | "icon";

const BASE =
  "inline-flex items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none transition-colors disabled:opacity-50 disabled:cursor-not-allowed aria-disabled:opacity-50 [&>svg]:size-4 [&>svg]:shrink-0";
const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent text-accent-ink hover:not-disabled:bg-accent-hover",
  secondary: "border border-line-strong bg-surface text-ink hover:not-disabled:bg-hover",
  ghost: "text-ink-2 hover:not-disabled:bg-hover hover:not-disabled:text-ink",
  danger: "bg-bad text-accent-ink hover:not-disabled:bg-bad-hover",
};
const SIZES: Record<Size, string> = { sm: "h-7 px-2 text-sm", md: "h-8 px-3 text-base", icon: "size-8" };

/** Class names of a button, for elements that must look like one. */
export function buttonClass(variant: Variant = "secondary", size: Size = "md"): string {
  return cn(BASE, VARIANTS[variant], SIZES[size]);
}

export interface ButtonProps extends ComponentProps<"button"> {
  readonly variant?: Variant;
  readonly size?: Size;
}

/** A button. It never submits a form unless `type="submit"` says so. */
export function Button({ variant = "secondary", size = "md", className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cn(buttonClass(variant, size), className)} {...rest} />;
}

/** A link that looks like a button. */
export function ButtonLink(props: {
  href: string;
  variant?: Variant;
  size?: Size;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link href={props.href} className={cn(buttonClass(props.variant, props.size), props.className)}>
      {props.children}
    </Link>
  );
}
