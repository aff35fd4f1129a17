# Sourced by get-go.sh and setup-wine.sh: an apt of its own (lists, cache, status) in a temporary folder, so that packages
# of another Debian suite can be downloaded and unpacked anywhere, without root and without touching the machine's packages.
# The mirror is the one this machine already uses.

private_apt_begin() {
  command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || { echo "this machine has no apt" >&2; return 1; }
  PRIVATE_APT=$(mktemp -d)
  trap 'rm -rf "$PRIVATE_APT"' EXIT
  mkdir -p "$PRIVATE_APT"/etc/{apt.conf.d,preferences.d,trusted.gpg.d,sources.list.d} \
    "$PRIVATE_APT"/lists/partial "$PRIVATE_APT"/cache/archives/partial "$PRIVATE_APT"/debs
  : > "$PRIVATE_APT/status"
  # Either file may be missing, which is no error as long as a mirror comes out.
  PRIVATE_APT_MIRROR=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2> /dev/null |
    sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+).*/\2/p' | head -1) || true
  [ -n "$PRIVATE_APT_MIRROR" ] || { echo "this machine has no Debian mirror configured" >&2; return 1; }
}

private_apt() {
  apt-get -qq -o Dir::Etc="$PRIVATE_APT/etc" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$PRIVATE_APT/etc/sources.list.d" \
    -o Dir::State::lists="$PRIVATE_APT/lists" -o Dir::State::status="$PRIVATE_APT/status" -o Dir::Cache="$PRIVATE_APT/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
    -o Acquire::Retries=3 "$@"
}

# Reads the package lists of one suite, in place of any other.
private_apt_suite() {
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$PRIVATE_APT_MIRROR" "$1" > "$PRIVATE_APT/etc/sources.list.d/suite.sources"
  private_apt update
}

# Downloads packages into $PRIVATE_APT/debs.
private_apt_download() {
  (cd "$PRIVATE_APT/debs" && private_apt download "$@")
}
