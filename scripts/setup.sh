#!/usr/bin/env bash
# Installs what the tests need and npm cannot bring: Redis, Chromium, a Japanese font, and PostgreSQL
# where neither the system nor the npm package has one that starts. Where it may not, it prints what to type.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

main() {
  if [ ! -d node_modules ]; then
    echo "setup: run npm ci first." >&2
    return 1
  fi
  local missing
  missing=$(find_missing)
  if [ -z "$missing" ]; then
    echo "setup: nothing to do, the tests have all they need."
    return 0
  fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    install_with_apt $missing
  else
    echo "setup: something is missing and this account may not install it here."
    say_what_to_type $missing
    return 1
  fi
}

find_missing() {
  has_redis && here "Redis" || echo redis
  has_chromium && here "Chromium" || echo chromium
  has_japanese_font && here "a Japanese font" || echo font
  has_postgres && here "PostgreSQL" || echo postgresql
}

here() { echo "setup: $1 is here." >&2; }

has_redis() { [ -n "${REDIS_URL:-}" ] || redis-server --version || valkey-server --version; } &>/dev/null

# Ubuntu has a command of this name that only asks for a snap, so it must answer to count.
has_chromium() {
  local browser
  for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    /Applications/Chromium.app/Contents/MacOS/Chromium "$(playwright_chromium)"; do
    if [ -n "$browser" ] && "$browser" --version; then return 0; fi
  done
  return 1
} &>/dev/null

playwright_chromium() {
  node -p 'require("playwright-core").chromium.executablePath()'
}

# macOS brings Japanese fonts along.
has_japanese_font() {
  [ "$(uname -s)" != Linux ] || [ -n "$(fc-list :lang=ja family 2>/dev/null)" ]
}

# Starts it as the tests will, so that the two cannot disagree.
has_postgres() {
  node --input-type=module -e '
    const { startPostgres } = await import("./test/support/postgres.ts");
    await using server = await startPostgres();
  ' &>/dev/null
}

install_with_apt() {
  local packages
  packages=$(package_names apt "$@")
  export DEBIAN_FRONTEND=noninteractive
  echo "setup: apt-get update"
  apt-get update -qq
  if [ -n "$packages" ]; then
    echo "setup: apt-get install $packages"
    apt-get install -y -qq --no-install-recommends $packages >/dev/null
  fi
  if [[ " $* " = *" chromium "* ]] && is_ubuntu; then
    echo "setup: playwright-core install chromium (Ubuntu has Chromium as a snap only)"
    playwright-core install --with-deps chromium
  fi
  local left
  left=$(find_missing 2>/dev/null)
  if [ -n "$left" ]; then
    echo "setup: still missing: $(echo $left)" >&2
    return 1
  fi
  echo "setup: done, the tests have all they need."
}

is_ubuntu() { grep -q '^ID=ubuntu' /etc/os-release; }

say_what_to_type() {
  if command -v apt-get >/dev/null; then
    echo "  sudo apt-get update && sudo apt-get install -y $(package_names apt "$@")"
    if [[ " $* " = *" chromium "* ]] && is_ubuntu; then
      echo "  sudo npx playwright-core install-deps chromium && npx playwright-core install chromium"
    fi
  elif command -v dnf >/dev/null; then
    echo "  sudo dnf install -y $(package_names dnf "$@")"
  elif command -v apk >/dev/null; then
    echo "  sudo apk add $(package_names apk "$@")"
  elif [ "$(uname -s)" = Darwin ]; then
    echo "  brew install $(package_names brew "$@")"
  else
    echo "  (with this system's package manager) $(echo "$@")"
  fi
}

# The packages of a system for what is missing, on one line.
package_names() {
  local system=$1 part names=()
  shift
  for part in "$@"; do
    case "$system:$part" in
      apt:redis) names+=(redis-server) ;;
      apt:chromium) is_ubuntu || names+=(chromium) ;;
      apt:font) names+=(fontconfig fonts-noto-cjk fonts-noto-color-emoji) ;;
      dnf:redis) names+=(valkey) ;;
      dnf:font) names+=(fontconfig google-noto-sans-cjk-fonts) ;;
      dnf:postgresql) names+=(postgresql-server) ;;
      apk:font) names+=(fontconfig font-noto-cjk) ;;
      brew:chromium) names+=(google-chrome) ;;
      brew:postgresql) names+=(postgresql@17) ;;
      *) names+=("$part") ;;
    esac
  done
  echo "${names[*]}"
}

main "$@"
