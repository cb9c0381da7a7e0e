const CONTROLS = "input:not([type=hidden]), select, textarea, button, summary, [role=switch]";

/** The element a path of the form is edited at: its control, or the nearest part around it that has a name. */
function fieldElement(form: ParentNode, path: string): HTMLElement | null {
  for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
    const name = CSS.escape(at);
    const found = form.querySelector<HTMLElement>(`[name="${name}"], [data-field="${name}"]`);
    if (found !== null) return found;
  }
  return null;
}

/** Opens every section around the field at `path` and puts the cursor there. */
export function goToField(form: ParentNode, path: string): void {
  const element = fieldElement(form, path);
  if (element === null) return;
  for (
    let around = element.closest("details");
    around !== null;
    around = around.parentElement?.closest("details") ?? null
  )
    around.open = true;
  const control = element.matches(CONTROLS) ? element : (element.querySelector<HTMLElement>(CONTROLS) ?? element);
  control.focus({ preventScroll: true });
  // In the middle: the bars at the edges of the page would cover it.
  control.scrollIntoView({ block: "center" });
}
