#!/bin/bash
# Unpacks Wine 10 (Debian trixie's packages) into a folder: no root, no chroot, the machine's packages untouched.
# usage: eng/setup-wine.sh /opt/wine10     then: PATH=/opt/wine10/bin:$PATH   (wine, wineserver)
# Needs patchelf and objcopy (binutils). About 120 MB to download, 190 MB on disk.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2,4p "$0" >&2; exit 2; }
source "$(dirname "$0")/private-apt.sh"
mkdir -p "$1"
root=$(cd "$1" && pwd)
[ ! -x "$root/bin/wine" ] || { echo "$root: $("$root/bin/wine" --version)"; exit 0; }
for tool in patchelf objcopy; do
  command -v $tool > /dev/null || { echo "setup-wine.sh: $tool is not on this machine" >&2; exit 1; }
done

private_apt_begin
private_apt_suite trixie
private_apt_download libwine wine64 libz-mingw-w64 libc6 libgcc-s1 libunwind8 liblzma5 zlib1g libgnutls30t64 libnettle8t64 \
  libhogweed6t64 libgmp10 libidn2-0 libp11-kit0 libtasn1-6 libunistring5 libffi8
for package in "$PRIVATE_APT"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --exclude='./usr/share/doc*' --exclude='./usr/share/man*' \
    --exclude='*/i386-windows*' --exclude='*w64-mingw32/lib/*.a' -f -
done
libraries=$root/usr/lib/x86_64-linux-gnu

# What the package's postinst does: zlib becomes one of Wine's own DLLs by the mark after its DOS header.
# Without it every program ends with c0000135, DLL not found.
zlib=$root/usr/x86_64-w64-mingw32/lib/zlib1.dll
{ head -c 64 "$zlib"; printf 'Wine builtin DLL'; head -c 16 /dev/zero; tail -c +97 "$zlib"; } > "$libraries/wine/x86_64-windows/zlib1.dll"

# Beside itself wineserver looks for its code pages one folder deeper than they are packed; else only in /usr/share.
ln -sfn . "$root/usr/share/wine/wine"

# The packaged wineserver is a script with absolute paths; and both programs need trixie's glibc, not the machine's.
ln -sf wineserver64 "$root/usr/lib/wine/wineserver"
for program in wine64 wineserver64; do
  patchelf --set-interpreter "$libraries/ld-linux-x86-64.so.2" --force-rpath --set-rpath "$libraries" "$root/usr/lib/wine/$program"
done

# Debug symbols are four fifths of the DLLs, and every prefix copies them. objcopy keeps the mark, strip would not.
find "$libraries/wine/x86_64-windows" -type f -print0 | xargs -0 -n 40 sh -c 'for dll; do objcopy -S "$dll"; done' _

mkdir -p "$root/bin"
cat > "$root/bin/wineserver" << WINESERVER
#!/bin/sh
exec "$root/usr/lib/wine/wineserver64" "\$@"
WINESERVER
cat > "$root/bin/wine.new" << WINE
#!/bin/sh
export WINEDEBUG=\${WINEDEBUG--all} WINESERVER="$root/usr/lib/wine/wineserver64"
unset DISPLAY WAYLAND_DISPLAY
exec "$root/usr/lib/wine/wine64" "\$@"
WINE
chmod +x "$root/bin/wineserver" "$root/bin/wine.new"
mv "$root/bin/wine.new" "$root/bin/wine" # last, so that a set-up cut short is not taken for a whole one
echo "$root: $("$root/bin/wine" --version)"
