// A person as a small disc. Colour alone never says who: the initials and the full name as a label do.
const wide = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u;

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')];
  if (first.length === 0) return '?';
  if (wide.test(first[0] ?? '')) return first[0] ?? '?';
  const last = words.length > 1 ? [...(words.at(-1) ?? '')][0] : first[1];
  return `${first[0] ?? ''}${last ?? ''}`.toUpperCase();
}

export function Avatar(props: { name: string; colour: number; small?: boolean; label?: string }) {
  return (
    <span class="avatar" classList={{ 'avatar-small': props.small ?? false }} data-person={props.colour} role="img" aria-label={props.label ?? props.name} title={props.label ?? props.name} data-initials={initials(props.name)} />
  );
}
