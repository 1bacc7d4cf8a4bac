#!/bin/sh
# Install GradGUI for the present user, from the folder this script lies in:  sh install.sh
# Remove it again:                                                            sh install.sh --remove
set -eu

here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
data="${XDG_DATA_HOME:-$HOME/.local/share}"
program="$data/gradgui"
menu="$data/applications/gradgui.desktop"
command="$HOME/.local/bin/gradgui"
manual="$HOME/.local/share/man/man1/gradgui.1"  # man looks there for a command in ~/.local/bin

# Each of these only makes the desktop notice sooner; a system without one of them still works.
refresh() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
    if command -v update-mime-database >/dev/null; then update-mime-database "$data/mime" || true; fi
    if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf "$data/icons/hicolor" || true; fi
}

if [ "${1:-}" = "--remove" ]; then
    rm -rf "$program"
    rm -f "$menu" "$command" "$manual" "$data/mime/packages/gradgui.xml" "$data"/icons/hicolor/*/apps/gradgui.*
    refresh
    echo "GradGUI was removed. Your experiments and settings are still there."
    exit 0
fi

if [ ! -x "$here/GradGUI" ]; then
    echo "install.sh must lie beside the program GradGUI; unpack the archive whole." >&2
    exit 1
fi
mkdir -p "$data/applications" "$data/mime/packages" "$data/icons/hicolor/scalable/apps" \
    "$(dirname "$command")" "$(dirname "$manual")"
if [ "$here" != "$program" ]; then
    rm -rf "$program.new"
    cp -R "$here" "$program.new"
    rm -rf "$program"
    mv "$program.new" "$program"
fi
resources="$program/_internal/resources"
# In a desktop entry a path stands in quotes: these characters are escaped there, once for the quotes and once for the
# entry, and % is doubled.
quoted=$(printf '%s' "$program/GradGUI" | sed 's/\\/\\\\\\\\/g; s/["$`]/\\\\&/g; s/%/%%/g')
while IFS= read -r line; do
    case $line in
        Exec=*) printf 'Exec="%s" %%f\n' "$quoted" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <"$resources/linux/gradgui.desktop" >"$menu"
cp "$resources/linux/gradgui-mime.xml" "$data/mime/packages/gradgui.xml"
for picture in "$resources"/icons/app/gradgui-*.png; do
    size=$(basename "$picture" .png | sed 's/gradgui-//')
    mkdir -p "$data/icons/hicolor/${size}x$size/apps"
    cp "$picture" "$data/icons/hicolor/${size}x$size/apps/gradgui.png"
done
cp "$resources/icons/gradgui.svg" "$data/icons/hicolor/scalable/apps/gradgui.svg"
ln -sf "$program/GradGUI" "$command"
cp "$resources/linux/gradgui.1" "$manual"
refresh
echo "GradGUI is in your menu now; a double-click opens .gradgui and .lesson.md files, and in a terminal: gradgui train"
