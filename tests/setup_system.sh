#!/usr/bin/env bash
# What the tests need from the system: a browser, a Chinese font, PostgreSQL, Redis, nginx, systemd.
# Takes what is there, else asks the package manager when it may; says what cannot be had,
# and with CI=true fails for it. Quick when all is there.
set -u

has() { command -v "$1" >/dev/null 2>&1; }
browser() { has chromium || has chromium-browser || has google-chrome || has google-chrome-stable \
  || compgen -G "/Applications/Google Chrome.app" >/dev/null \
  || compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium*" >/dev/null; }
chinese_font() { [ "$(uname)" = Darwin ] || { has fc-list && [ -n "$(fc-list :lang=zh-cn file 2>/dev/null)" ]; }; }
libatomic() { [ "$(uname)" = Darwin ] || compgen -G "/usr/lib*/libatomic.so.1" >/dev/null \
  || compgen -G "/usr/lib/*/libatomic.so.1" >/dev/null; }
postgresql() { has initdb && has postgres || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null \
  || compgen -G "/usr/pgsql-*/bin/initdb" >/dev/null \
  || compgen -G "/opt/homebrew/opt/postgresql*/bin/initdb" >/dev/null; }
redis() { has redis-server; }
nginx_there() { has nginx || [ -x /usr/sbin/nginx ]; }
openssl_there() { has openssl; }
systemd() { [ "$(uname)" = Darwin ] || has systemd-analyze; }

# need : packages for apt-get : for dnf : for brew
NEEDS=(
  "browser:chromium:chromium:--cask google-chrome"
  "chinese_font:fonts-noto-cjk fontconfig:google-noto-sans-cjk-fonts fontconfig:font-noto-sans-cjk"
  "libatomic:libatomic1:libatomic:gcc"
  "postgresql:postgresql:postgresql-server:postgresql@17"
  "redis:redis-server:redis:redis"
  "nginx_there:nginx-light:nginx:nginx"
  "openssl_there:openssl:openssl:openssl"
  "systemd:systemd:systemd:none"
)

missing() { for need in "${NEEDS[@]}"; do "${need%%:*}" || echo "$need"; done; }
packages() { cut -d: -f"$1" | tr '\n' ' '; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif has sudo && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1; fi
}

lacking=$(missing)
[ -z "$lacking" ] && exit 0

if has apt-get; then
  echo "Installing for the tests: $(packages 2 <<<"$lacking")"
  as_root apt-get update -qq
  # shellcheck disable=SC2046 - one word for each package
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
    $(packages 2 <<<"$lacking") >/dev/null || echo "apt-get could not do it."
fi

lacking=$(missing)
[ -z "$lacking" ] && exit 0
echo
echo "The tests still lack: $(packages 1 <<<"$lacking")"
echo "  Debian, Ubuntu:  sudo apt-get install $(packages 2 <<<"$lacking")"
echo "  Fedora:          sudo dnf install $(packages 3 <<<"$lacking")"
echo "  macOS:           brew install $(packages 4 <<<"$lacking")"
if [ "${CI:-}" = true ]; then
  echo "With CI=true that is a failure."
  exit 1
fi
echo "What needs them is skipped, and says so."
