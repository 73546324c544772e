// What the compiler cannot say: no `any`, casts only where outside data gets its types, no default exports, sizes, and layers
// that depend on nothing but the ones below.
import tseslint from 'typescript-eslint';

const worldly = ['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'indexedDB', 'crypto', 'WebSocket', 'fetch', 'setTimeout', 'setInterval', 'queueMicrotask', 'performance'];

const sizes = {
  'max-lines': ['error', 600],
  'max-lines-per-function': ['error', 70],
};

const decodes = [{ object: 'JSON', property: 'parse', message: 'protocol/ decodes.' }];

// The Enter of an input method acts nowhere. What listens on the way up never hears of it; who listens on the way down asks.
const capturesKeys = (method) => `CallExpression[callee.name='addEventListener'][arguments.0.value='keydown']:has(Property[key.name='capture']):not(:has(Identifier[name='${method}']))`;
const inputMethodKeys = [
  { selector: 'MemberExpression[property.name=/^(isComposing|keyCode|which)$/]', message: 'isInputMethodKey of state/input_method_key.ts.' },
  { selector: capturesKeys('isInputMethodKey'), message: 'A key on its way down may be an input method’s: isInputMethodKey.' },
];

// Solid tracks what such a child reads only within its markup: bare words would stay as they first were.
const bareChildren = {
  selector: 'JSXElement[openingElement.name.name=/^(Show|Match|For|Index)$/] > JSXExpressionContainer > ArrowFunctionExpression:not([body.type=/^(JSXElement|JSXFragment|BlockStatement)$/])',
  message: 'Words of a function child belong in markup: <>{…}</>.',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'tests/differential/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...sizes,
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off', // an async function may fulfil an interface without waiting
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } }],
      'no-restricted-properties': ['error', ...decodes],
      eqeqeq: 'error',
    },
  },
  {
    // Pure: everything of the world is injected (sync/environment.ts).
    files: ['src/protocol/**', 'src/document/**', 'src/sync/**', 'src/numbers/**'],
    rules: {
      'no-restricted-globals': ['error', ...worldly.map((name) => ({ name, message: 'sync/environment.ts brings the world.' })), { name: 'Date', message: 'Environment.now.' }],
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/store/*', '**/ui/*', 'solid-js*', 'idb', '@codemirror/*'], message: 'A layer above.' }] }],
      'no-restricted-properties': ['error', ...decodes, { object: 'Math', property: 'random', message: 'Environment.random.' }],
    },
  },
  {
    // Where data from outside gets its types.
    files: ['src/protocol/*.ts', 'src/document/entity.ts'],
    rules: { '@typescript-eslint/consistent-type-assertions': 'off', 'no-restricted-properties': ['error', { object: 'Math', property: 'random' }] },
  },
  {
    files: ['src/ui/**'],
    ignores: ['src/ui/state/input_method_key.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inputMethodKeys, bareChildren] },
  },
  { files: ['src/ui/**/*.tsx'], rules: { 'max-lines-per-function': ['error', 150] } }, // a component's markup counts as lines
  { files: ['src/document/validate.ts'], rules: { 'no-restricted-globals': 'off' } }, // Date only to check that a date exists
  {
    files: ['tests/**'],
    rules: { 'max-lines-per-function': 'off', 'no-restricted-properties': 'off', '@typescript-eslint/consistent-type-assertions': 'off', '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off', '@typescript-eslint/no-unsafe-argument': 'off', '@typescript-eslint/no-unsafe-return': 'off' },
  },
  { files: ['*.config.ts', '*.config.js'], rules: { 'no-restricted-exports': 'off' } },
);
