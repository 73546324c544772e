# What tools/serve and tools/test share. Sourced from the repository's root.

# Where tools/setup puts Node if the system's is too old; perhaps only after this is read.
PATH="$PWD/build/node/bin:$PATH"

# The paths of a build folder differ between presets and checkouts; the compiled code does not.
export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$PWD

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

# build_cpp PRESET TARGET…: only what changed is built again.
build_cpp() {
  local preset=$1
  shift
  say "build: $preset"
  cmake --preset "$preset" --log-level=WARNING >&2
  cmake --build --preset "$preset" --target "$@" >&2
}

install_web_packages() {
  local stamp=web-client/node_modules/.package-lock.json
  if [ ! -e "$stamp" ] || [ web-client/package-lock.json -nt "$stamp" ]; then
    say "npm packages"
    (cd web-client && npm ci --no-audit --no-fund --loglevel=error >&2)
    touch "$stamp"
  fi
}

build_web() {
  install_web_packages
  local built=web-client/dist/index.html
  local sources=(web-client/src web-client/public web-client/index.html web-client/vite.config.ts
                 web-client/package-lock.json protocol/schema.json)
  if [ ! -e "$built" ] || [ -n "$(find "${sources[@]}" -newer "$built" -print -quit)" ]; then
    say "web client"
    (cd web-client && npm run --silent build >&2)
  fi
}
