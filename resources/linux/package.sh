#!/bin/sh
# Pack dist/GradGUI, which `make app` has built, as an archive with an installer and as a Debian package.
# Called by `make package` with VERSION in the environment, from the top of the project.
set -eu

name="GradGUI-$VERSION-linux-x86_64"
deb="gradgui_${VERSION}_amd64.deb"
stage=build/package
rm -rf "$stage"
mkdir -p "$stage"

# The archive: the program's folder, and beside the program the script that puts it into a person's menu.
cp -R dist/GradGUI "$stage/$name"
cp resources/linux/install.sh LICENSE "$stage/$name/"
chmod -R u+rwX,go+rX,go-w "$stage/$name"
echo "dist/$name.tar.xz (minutes)"
tar -C "$stage" --owner=0 --group=0 --numeric-owner -c "$name" | xz -T0 -6 >"dist/$name.tar.xz"

# The Debian package: the same folder in /opt, the menu entry, the file type and the icons where desktops look.
root="$stage/deb"
share="$root/usr/share"
mkdir -p "$root/DEBIAN" "$root/opt" "$root/usr/bin" \
    "$share/applications" "$share/mime/packages" "$share/metainfo" "$share/doc/gradgui"
mv "$stage/$name" "$root/opt/gradgui"
rm "$root/opt/gradgui/install.sh"
ln -s /opt/gradgui/GradGUI "$root/usr/bin/gradgui"
cp resources/linux/gradgui.desktop "$share/applications/"
cp resources/linux/gradgui-mime.xml "$share/mime/packages/gradgui.xml"
sed "s/@VERSION@/$VERSION/; s/@DATE@/$(date -u -r gradgui/__init__.py +%F)/" \
    resources/linux/org.gradgui.GradGUI.metainfo.xml >"$share/metainfo/org.gradgui.GradGUI.metainfo.xml"
cp LICENSE "$share/doc/gradgui/copyright"
for picture in resources/icons/app/gradgui-*.png; do
    size=$(basename "$picture" .png | sed 's/gradgui-//')
    mkdir -p "$share/icons/hicolor/${size}x$size/apps"
    cp "$picture" "$share/icons/hicolor/${size}x$size/apps/gradgui.png"
done
mkdir -p "$share/icons/hicolor/scalable/apps"
cp resources/icons/gradgui.svg "$share/icons/hicolor/scalable/apps/"

# Nearly all libraries are inside; these are left to the system: they belong to its graphics drivers and its display.
glibc=$(find "$root/opt" -type f \( -name '*.so*' -o -name GradGUI \) -exec objdump -T {} + 2>/dev/null \
    | grep -o 'GLIBC_2\.[0-9]*' | sort -uV | tail -1 | sed 's/GLIBC_//')
cat >"$root/DEBIAN/control" <<END
Package: gradgui
Version: $VERSION
Section: education
Priority: optional
Architecture: amd64
Maintainer: The GradGUI developers <gradgui@example.org>
Installed-Size: $(du -sk "$root/opt" | cut -f1)
Depends: libc6 (>= $glibc), libgl1, libegl1, libxcb1, libwayland-client0, libwayland-cursor0, libwayland-egl1
Recommends: shared-mime-info, desktop-file-utils, hicolor-icon-theme, fonts-dejavu-core | fonts-liberation
Description: microscope for gradient descent
 GradGUI runs a real PyTorch training loop and lets one watch it, step it by
 epoch and by phase, rewind it, break it on purpose, and take every number,
 picture and line of code away.
END
chmod -R u+rwX,go+rX,go-w "$root"
echo "dist/$deb (minutes)"
dpkg-deb --root-owner-group -Zxz -z6 --threads-max=2 --build "$root" "dist/$deb" >/dev/null
rm -rf "$stage"
du -m "dist/$name.tar.xz" "dist/$deb"
