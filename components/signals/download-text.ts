/** Has the browser save a text as a file. */
export function downloadText(fileName: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName.replace(/[^\w.-]+/g, "_");
  link.click();
  URL.revokeObjectURL(url);
}
