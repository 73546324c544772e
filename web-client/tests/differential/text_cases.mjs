// Prints random cases of text transformation with the answers of the reference implementation, the npm type
// `ot-text-unicode`, one JSON object a line, for tests/unit/document/text_check.cpp:
//   node text_cases.mjs <seed> <count> | okra_text_check
// The same seed prints the same cases.
import { type } from 'ot-text-unicode'
import { once } from 'node:events'

const [seed = 1, count = 1000] = process.argv.slice(2).map(Number)

// mulberry32
let state = seed >>> 0
function below(bound) {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
}
const pick = (list) => list[below(list.length)]

// ASCII, Latin with combining marks, CJK, astral CJK, emoji with joiners and modifiers: one to four bytes in UTF-8.
const alphabets = ['abcXYZ 09"\\\n', 'éñüßçøå', 'e\u0301a\u0308\u200d\u0327', '目标关键结果进度', '𠮷𡘙𝒪𝔎', '😅🤖👻👩‍💻🇩🇪👍🏽']
const characters = alphabets.map((alphabet) => [...alphabet])

function word(longest) {
  const from = pick(characters)
  let text = ''
  for (let left = 1 + below(longest); left > 0; --left) text += below(8) === 0 ? pick(pick(characters)) : pick(from)
  return text
}

function text() {
  if (below(12) === 0) return ''
  let result = ''
  for (let left = below(below(20) === 0 ? 40 : 6); left >= 0; --left) result += word(6)
  return result
}

// An edit of a text of `length` code points, in any form that is allowed: with empty components and unmerged neighbours.
function rawEdit(length) {
  const edit = []
  let left = length
  for (let components = below(9); components > 0; --components) {
    const kind = below(3)
    if (kind === 0) {
      edit.push(below(6) === 0 ? '' : word(5))
      continue
    }
    const reach = Math.min(left, below(below(4) === 0 ? length + 1 : 5))
    left -= reach
    if (kind === 1) edit.push(reach)
    else edit.push({ d: reach })
  }
  return edit
}

const codePoints = (string) => [...string].length

function testCase() {
  const before = text()
  const raw = rawEdit(codePoints(before))
  // A normalised edit goes on to be used, and `normalize` may reuse the components it is given.
  const a = type.normalize(structuredClone(raw))
  const b = type.normalize(rawEdit(codePoints(before)))
  const after = type.apply(before, a)
  const next = type.normalize(rawEdit(codePoints(after)))
  const position = below(codePoints(before) + 1)
  return {
    text: before,
    raw,
    a,
    b,
    next,
    position,
    a_left: type.transform(a, b, 'left'),
    a_right: type.transform(a, b, 'right'),
    b_left: type.transform(b, a, 'left'),
    b_right: type.transform(b, a, 'right'),
    composed: type.compose(a, next),
    after,
    inverse: type.stripInvertible(type.invertWithDoc(a, before)),
    moved: type.transformPosition(position, a),
  }
}

for (let made = 0; made < count; ++made) {
  if (!process.stdout.write(JSON.stringify(testCase()) + '\n')) await once(process.stdout, 'drain')
}
