"""Writes indexes.c, the indexes of WHATWG Encoding, section 5: which character stands behind each pointer.

    python3 make.py > indexes.c

They are made of what Python's codecs and the C library's iconv know, with the places mended in which the standard
differs, and are kept because the text of a record must come of its bytes in the same way on every machine, for ever.
"""

import subprocess

GAP = 0


def decoded(codec, data):
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return GAP
    return ord(text) if len(text) == 1 else GAP


def jis0208():
    out = []
    for pointer in range(11280):
        lead, trail = divmod(pointer, 188)
        lead += 0x81 if lead < 0x1F else 0xC1
        trail += 0x40 if trail < 0x3F else 0x41
        # Pointers 8836 to 10715 are computed (section 12.3.1).
        out.append(GAP if 8836 <= pointer <= 10715 else decoded("cp932", bytes([lead, trail])))
    return out


def jis0212():
    out = [decoded("euc_jp", bytes([0x8F, 0xA1 + pointer // 94, 0xA1 + pointer % 94])) for pointer in range(94 * 94)]
    # A tilde of full width, as the index has it; Python makes one of ASCII.
    out[(0xA2 - 0xA1) * 94 + 0xB7 - 0xA1] = 0xFF5E
    return out


def euc_kr():
    return [decoded("cp949", bytes([0x81 + pointer // 190, 0x41 + pointer % 190])) for pointer in range(126 * 190)]


def gb18030():
    out = []
    for pointer in range(126 * 190):
        trail = pointer % 190
        out.append(decoded("gb18030", bytes([0x81 + pointer // 190, trail + (0x40 if trail < 0x3F else 0x41)])))
    # Characters that Unicode has had since 4.1 and 5.2, and GB 18030 since 2022.
    later = dict(zip(range(0xA6D9, 0xA6E0), [0xFE10, 0xFE12, 0xFE11, 0xFE13, 0xFE14, 0xFE15, 0xFE16]))
    later |= {0xA6EC: 0xFE17, 0xA6ED: 0xFE18, 0xA6F3: 0xFE19, 0xFE59: 0x9FB4, 0xFE61: 0x9FB5, 0xFE66: 0x9FB6, 0xFE67: 0x9FB7}
    later |= {0xFE6D: 0x9FB8, 0xFE7E: 0x9FB9, 0xFE90: 0x9FBA, 0xFEA0: 0x9FBB}
    for code, scalar in later.items():
        lead, trail = divmod(code, 256)
        out[(lead - 0x81) * 190 + trail - (0x40 if trail < 0x7F else 0x41)] = scalar
    return out


def gb18030_ranges():
    """Where a run of four-byte characters of the basic plane begins: pointer, code point."""
    out = []
    last = -2
    for pointer in range(39420):
        rest, fourth = divmod(pointer, 10)
        rest, third = divmod(rest, 126)
        first, second = divmod(rest, 10)
        scalar = decoded("gb18030", bytes([0x81 + first, 0x30 + second, 0x81 + third, 0x30 + fourth]))
        # The one place where the index has a private character in a run (pointer 7457).
        if pointer == 7457:
            scalar = 0xE7C7
        assert scalar != GAP, pointer
        if scalar != last + 1:
            out.append((pointer, scalar))
        last = scalar
    return out


def big5():
    """Big5 as Microsoft has it, the control pictures of ETEN, and around them the characters of HKSCS-2008."""
    out = []
    for pointer in range(126 * 157):
        lead, trail = divmod(pointer, 157)
        code = bytes([0x81 + lead, trail + (0x40 if trail < 0x3F else 0x62)])
        number = code[0] << 8 | code[1]
        if 0xA3C0 <= number <= 0xA3E0:
            scalar = 0x2421 if number == 0xA3E0 else 0x2400 + number - 0xA3C0
        elif 0xA140 <= number <= 0xA3E1 or 0xA440 <= number <= 0xC67E or 0xC940 <= number <= 0xF9D5:
            scalar = decoded("cp950", code)
        elif code[0] >= 0x87:
            # Python knows HKSCS-2004; what came later the C library does.
            scalar = decoded("big5hkscs", code) or later_big5(code)
        else:
            scalar = GAP
        out.append(GAP if 0xE000 <= scalar <= 0xF8FF else scalar)
    return out


def later_big5(code):
    done = subprocess.run(["iconv", "-f", "BIG5-HKSCS", "-t", "UTF-32LE"], input=code, capture_output=True)
    return int.from_bytes(done.stdout, "little") if done.returncode == 0 and len(done.stdout) == 4 else GAP


def literal(values, row, prefix):
    for start in range(0, len(values), row):
        line = ""
        for value in values[start : start + row]:
            line += "\\0" if value == GAP else chr(value) if value > 0x9F and not 0xD800 <= value <= 0xDFFF else "\\x%X" % value
        yield f'    {prefix}"{line}"'


print("// Made by make.py; see there.")
print('#include "indexes.h"\n')
tables = [
    ("char16_t", "jis0208", jis0208(), 94, "u"),
    ("char16_t", "jis0212", jis0212(), 94, "u"),
    ("char16_t", "euc_kr", euc_kr(), 95, "u"),
    ("char16_t", "gb18030", gb18030(), 95, "u"),
    ("char32_t", "big5", big5(), 157, "U"),
]
for kind, name, values, row, prefix in tables:
    lines = "\n".join(literal(values, row, prefix))
    print(f"static const {kind} {name}[] =\n{lines};\n")
    print(f"uint32_t headwater_{name}_at(long pointer) {{")
    print(f"  return pointer >= 0 && pointer < {len(values)} ? {name}[pointer] : 0;\n}}\n")
ranges = gb18030_ranges()
print("/// Where runs of four-byte characters of the basic plane begin.")
print(f"static const struct {{\n  unsigned pointer;\n  uint32_t scalar;\n}} ranges[{len(ranges)}] = {{")
for pointer, scalar in ranges:
    print(f"    {{{pointer}, 0x{scalar:04X}}},")
print(f"""}};

uint32_t headwater_gb18030_ranged(long pointer) {{
  // Pointers that are no character's, and those of the planes above.
  if (pointer < 0 || (pointer > 39419 && pointer < 189000) || pointer > 1237575) return 0;
  if (pointer >= 189000) return 0x10000 + (uint32_t)(pointer - 189000);
  unsigned low = 0, high = {len(ranges)};
  while (high - low > 1) {{
    unsigned middle = (low + high) / 2;
    if (ranges[middle].pointer <= pointer) low = middle;
    else high = middle;
  }}
  return ranges[low].scalar + (uint32_t)(pointer - ranges[low].pointer);
}}""")
