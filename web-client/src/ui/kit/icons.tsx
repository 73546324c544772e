// Line icons on a 16-unit grid, in the text's colour. They never stand alone: the control around them carries the words.
const paths = {
  add: 'M8 3.5v9M3.5 8h9',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3.5 8.5l3 3 6-7',
  chevron: 'M6 3.5L10.5 8 6 12.5',
  down: 'M4 6.5L8 10.5l4-4',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  find: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3',
  grip: 'M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01',
  link: 'M6 4h6v6M12 4l-8 8',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  undo: 'M6 3L3 6l3 3M3 6h6a3.5 3.5 0 0 1 0 7H6.5',
  redo: 'M10 3l3 3-3 3M13 6H7a3.5 3.5 0 0 0 0 7h2.5',
  bin: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5',
  star: 'M8 2.6l1.6 3.4 3.7.5-2.7 2.6.7 3.7L8 11l-3.3 1.8.7-3.7L2.7 6.5l3.7-.5z',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13 9.5A5.6 5.6 0 0 1 6.5 3a5.2 5.2 0 1 0 6.5 6.5z',
  person: 'M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.5-2.5 2.4-4 5-4s4.5 1.5 5 4',
  warn: 'M8 2.8l5.7 10.2H2.3zM8 6.6v3M8 11.2h.01',
  panel: 'M2.5 3h11v10h-11zM10 3v10',
} as const;

export type IconName = keyof typeof paths;

export function Icon(props: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 16 16"
      width={`${(props.size ?? 16) / 16}rem`}
      height={`${(props.size ?? 16) / 16}rem`}
      fill="none"
      stroke="currentColor"
      stroke-width={props.name === 'dots' || props.name === 'grip' ? 2 : 1.5}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[props.name]} />
    </svg>
  );
}
