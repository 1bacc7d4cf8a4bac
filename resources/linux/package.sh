#!/bin/sh
# Pack dist/GradGUI, which `make app` has built, as an archive with an installer and as a Debian package.
# Called by `make package` with VERSION in the environment, from the top of the project. HOMEPAGE, where the project
# has one on the web, is written into the package; SOURCE_DATE_EPOCH is its date, else that of the last commit.
set -eu

export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
maintainer="The GradGUI developers <gradgui@example.org>"
homepage="${HOMEPAGE:-}"
name="GradGUI-$VERSION-linux-x86_64"
deb="gradgui_${VERSION}_amd64.deb"
stage=build/package
rm -rf "$stage"
mkdir -p "$stage"

filled_in() {
    sed "s|@VERSION@|$VERSION|; s|@DATE@|$(date -ud "@$SOURCE_DATE_EPOCH" +%F)|
        s|@HOMEPAGE@|${homepage:-https://gradgui.example}|" "$1"
}

# The project's changelog as Debian has them. Bullets of the same version under two headings become one entry.
debian_changelog() {
    signed=$(date -uRd "@$SOURCE_DATE_EPOCH")
    sed 's/^  /    /; s/^\* /  * /' CHANGELOG.md | fmt -t -w 78 | awk -v version="$VERSION" -v \
        trailer=" -- $maintainer  $signed" '
        /^## / {
            named = $2 ~ /^[0-9]/ ? $2 : version
            if (named != entry) {
                if (entry) print "\n" trailer "\n"
                entry = named
                print "gradgui (" entry ") unstable; urgency=medium\n"
            }
        }
        /^ / {
            sub(/^ +/, /^  \* / ? "  " : "    ")
            print
        }
        END { print "\n" trailer }'
}

# The archive: the program's folder, and beside the program the script that puts it into a person's menu.
cp -R dist/GradGUI "$stage/$name"
filled_in resources/linux/gradgui.1 >"$stage/$name/_internal/resources/linux/gradgui.1"
cp resources/linux/install.sh LICENSE "$stage/$name/"
find "$stage/$name" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
chmod 755 "$stage/$name/GradGUI" "$stage/$name/install.sh" "$stage/$name/_internal/torch/bin/torch_shm_manager"
echo "dist/$name.tar.xz (minutes)"
tar -C "$stage" --owner=0 --group=0 --numeric-owner --sort=name --mtime="@$SOURCE_DATE_EPOCH" -c "$name" \
    | xz -T0 -2 >"dist/$name.tar.xz"

# The Debian package: the same folder in /opt, the menu entry, the file type and the icons where desktops look.
root="$stage/deb"
share="$root/usr/share"
doc="$share/doc/gradgui"
mkdir -p "$root/DEBIAN" "$root/opt" "$root/usr/bin" "$share/applications" "$share/mime/packages" "$share/metainfo" \
    "$share/man/man1" "$share/lintian/overrides" "$doc/copyrights" "$doc/pictures"
mv "$stage/$name" "$root/opt/gradgui"
rm "$root/opt/gradgui/install.sh" "$root/opt/gradgui/LICENSE"
ln -s /opt/gradgui/GradGUI "$root/usr/bin/gradgui"
cp resources/linux/gradgui.desktop "$share/applications/"
cp resources/linux/gradgui-mime.xml "$share/mime/packages/gradgui.xml"
metainfo=org.gradgui.gradgui.metainfo.xml
filled_in "resources/linux/$metainfo" >"$share/metainfo/$metainfo"
gzip -9nc "$root/opt/gradgui/_internal/resources/linux/gradgui.1" >"$share/man/man1/gradgui.1.gz"
for picture in resources/icons/app/gradgui-*.png; do
    size=$(basename "$picture" .png | sed 's/gradgui-//')
    mkdir -p "$share/icons/hicolor/${size}x$size/apps"
    cp "$picture" "$share/icons/hicolor/${size}x$size/apps/gradgui.png"
done
mkdir -p "$share/icons/hicolor/scalable/apps"
cp resources/icons/gradgui.svg "$share/icons/hicolor/scalable/apps/"

# What Debian wants to read: changes, licences, the pictures that the metadata names, and what lintian may report.
debian_changelog | gzip -9n >"$doc/changelog.gz"
cp resources/linux/debian/copyright "$doc/"
sed -n 's|.*@HOMEPAGE@/\(docs/pictures/.*\.png\)<.*|\1|p' "resources/linux/$metainfo" | xargs cp -t "$doc/pictures"
sed -n 's/^| `\([a-z0-9-]*\)` | \(.*\) |$/# \2\ngradgui: \1/p' docs/packaging.md >"$share/lintian/overrides/gradgui"
libraries=$(find "$root/opt/gradgui/_internal" -maxdepth 1 -type f -name 'lib*.so*' ! -name 'libpython*' \
    -printf '*/lib/x86_64-linux-gnu/%f\n')
set -f
owners=$(dpkg-query --search $libraries)
set +f
for package in $(echo "$owners" | sed 's/:.*//' | sort -u); do
    cp -L "/usr/share/doc/$package/copyright" "$doc/copyrights/$package"
done

# Nearly all libraries are inside. Left to the system are those of its graphics drivers and its display, and the data
# that the libraries inside read: fonts and where they lie (fontconfig), keyboards (xkb-data).
glibc=$(find "$root/opt" -type f \( -name '*.so*' -o -name GradGUI \) -exec objdump -T {} + 2>/dev/null \
    | grep -o 'GLIBC_2\.[0-9]*' | sort -uV | tail -1 | sed 's/GLIBC_//')
cat >"$root/DEBIAN/control" <<END
Package: gradgui
Version: $VERSION
Section: education
Priority: optional
Architecture: amd64
Maintainer: $maintainer${homepage:+
Homepage: $homepage}
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6 (>= $glibc), libgl1, libegl1, libxcb1, libwayland-client0, libwayland-cursor0, libwayland-egl1, fontconfig, fonts-dejavu-core | fonts-liberation | fonts-freefont-ttf | fonts-noto-core, xkb-data
Recommends: shared-mime-info, desktop-file-utils, hicolor-icon-theme, xdg-utils
Description: microscope for gradient descent
 GradGUI runs a real PyTorch training loop and lets one watch it, step it by
 epoch and by phase, rewind it, break it on purpose, and take every number,
 picture and line of code away.
END
(cd "$root" && find opt usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod -R u+rwX,go+rX,go-w "$root"
echo "dist/$deb (minutes)"
dpkg-deb --root-owner-group -Zxz -z2 --threads-max=2 --build "$root" "dist/$deb" >/dev/null
rm -rf "$stage"
du -m "dist/$name.tar.xz" "dist/$deb"
