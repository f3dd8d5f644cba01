#!/usr/bin/env python3
"""Writes Sources/HeadwaterModel/SingleByteTables.swift: what the upper half of each single-byte encoding stands for.

    Scripts/single-byte-tables.py > Sources/HeadwaterModel/SingleByteTables.swift

The tables are those of WHATWG Encoding, section 9. Python's codecs are the same but for what CORRECTIONS lists, and but
for bytes that an encoding leaves open: in the code pages of Windows they stand for the C1 control of the same number,
elsewhere for U+FFFD.
"""
CODECS = {
    "ibm866": "cp866", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "windows-874": "cp874",
    "koi8-r": "koi8_r", "koi8-u": "koi8_u",
    **{f"windows-125{n}": f"cp125{n}" for n in range(9)},
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
CORRECTIONS = {
    "koi8-u": {0xAE: 0x45E, 0xBE: 0x40E},
    "macintosh": {0xDB: 0x20AC},
    "windows-1255": {0xCA: 0x5BA},
}


def code(name, byte):
    if byte in CORRECTIONS.get(name, {}):
        return CORRECTIONS[name][byte]
    try:
        return ord(bytes([byte]).decode(CODECS[name]))
    except UnicodeDecodeError:
        return byte if name.startswith("windows-") and byte < 0xA0 else 0xFFFD


print("""/// What the bytes from 0x80 on stand for in each single-byte encoding of WHATWG Encoding, section 9: 128 code points in
/// hexadecimal digits, by the encoding's name. Made by `Scripts/single-byte-tables.py`.
enum SingleByteTables {
    static let text: [String: String] = [""")
for name in sorted(CODECS, key=lambda name: [int(part) if part.isdigit() else part for part in name.split("-")]
                   if name.startswith("iso") or name.startswith("win") else [name]):
    codes = [f"{code(name, byte):04X}" for byte in range(0x80, 0x100)]
    print(f'        "{name}": """')
    for start in range(0, 128, 16):
        print("            " + " ".join(codes[start:start + 16]))
    print('            """,')
print("    ]\n}")
