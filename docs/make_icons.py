"""Make the icon's pictures from its drawing: PNG in the sizes of menus, and the containers of Windows and macOS.

Run by ``make icons``. An .ico and an .icns hold PNG files as they are, behind a table of their sizes.
"""

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).parents[1] / "resources" / "icons"
MENU_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_SIZES = (16, 24, 32, 48, 64, 128, 256)
MAC_TYPES = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def png(drawing: QSvgRenderer, size: int) -> bytes:
    """Draw the icon at a size in pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Put pictures into a Windows icon: a header, 16 bytes a picture, the pictures."""
    header = struct.pack("<HHH", 0, 1, len(WINDOWS_SIZES))
    offset = len(header) + 16 * len(WINDOWS_SIZES)
    table, content = b"", b""
    for size in WINDOWS_SIZES:
        side = size % 256  # 0 stands for 256
        table += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(pictures[size]), offset + len(content))
        content += pictures[size]
    return header + table + content


def icns(pictures: dict[int, bytes]) -> bytes:
    """Put pictures into a macOS icon: each behind its type and length."""
    content = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for size, kind in MAC_TYPES.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(content)) + content


def main() -> int:
    """Write every file into ``resources/icons/app``."""
    application = QGuiApplication(sys.argv[:1])
    drawing = QSvgRenderer(str(ICONS / "gradgui.svg"))
    pictures = {size: png(drawing, size) for size in MENU_SIZES}
    folder = ICONS / "app"
    folder.mkdir(exist_ok=True)
    for size, content in pictures.items():
        (folder / f"gradgui-{size}.png").write_bytes(content)
    (folder / "gradgui.ico").write_bytes(ico(pictures))
    (folder / "gradgui.icns").write_bytes(icns(pictures))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
