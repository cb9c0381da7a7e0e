import { formatSetting } from "../format/time.ts";

/** A closed section in one line, and whether it says anything but the default. */
export interface SectionWords {
  readonly summary: string;
  readonly set: boolean;
}

/** Nothing is set here. */
export const unset = (summary: string): SectionWords => ({ summary, set: false });

/** What is set, part by part; what does not apply is false. */
export const said = (...parts: readonly (string | false)[]): SectionWords => ({
  summary: parts.filter((part) => part !== false).join(", "),
  set: true,
});

/** A time out of a form, where it may be missing. */
export const timeInWords = (ms: number | undefined): string =>
  ms === undefined || !Number.isFinite(ms) ? "not filled in" : formatSetting(ms);

/** A figure as it was typed, not rounded: it is a setting. Three dots while nothing, or no number, is typed. */
const typed = (figure: number): string => (Number.isFinite(figure) ? figure.toString() : "…");

export const percentInWords = (percent: number): string => `${typed(percent)}\u00a0%`;

/** `1 try`, `2 tries`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? `1 ${one}` : `${typed(count)} ${many}`;
