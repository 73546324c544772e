// The cut pod: a five-pointed star with five seeds. Drawn in the text's colour, so it follows the theme.
const pod =
  'M14.36 4.77Q16.00 2.40 17.64 4.77L19.37 7.28Q20.82 9.37 23.25 10.10L26.18 10.97Q28.93 11.80 27.19 14.09L25.34 16.51Q23.80 18.53 23.86 21.07L23.93 24.12Q23.99 27.00 21.28 26.05L18.40 25.04Q16.00 24.20 13.60 25.04L10.72 26.05Q8.01 27.00 8.07 24.12L8.14 21.07Q8.20 18.53 6.66 16.51L4.81 14.09Q3.07 11.80 5.82 10.97L8.75 10.10Q11.18 9.37 12.63 7.28Z';
const seeds = [[16.00, 10.90], [20.85, 14.42], [19.00, 20.13], [13.00, 20.13], [11.15, 14.42]] as const;

export function Logo(props: { size?: number }) {
  return (
    <svg class="logo" viewBox="0 0 32 32" width={`${(props.size ?? 28) / 16}rem`} height={`${(props.size ?? 28) / 16}rem`} aria-hidden="true">
      <path d={pod} fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
      {seeds.map(([x, y]) => (
        <circle cx={x} cy={y} r="1.5" fill="currentColor" />
      ))}
    </svg>
  );
}
