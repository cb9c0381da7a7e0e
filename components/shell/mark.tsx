/** The product's sign: three knots and the lines that hold them. */
export function Mark() {
  return (
    <svg
      aria-hidden
      viewBox="0 0 20 20"
      className="size-5 shrink-0 text-accent"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
    >
      <path d="M5.6 6.6 8.7 13M14.4 6.6 11.3 13M6.5 5h7" />
      <circle cx="4.5" cy="5" r="2" />
      <circle cx="15.5" cy="5" r="2" />
      <circle cx="10" cy="15" r="2" fill="currentColor" />
    </svg>
  );
}
