# Reads one JSON object into an array: fold(line, members). Members of members are named by paths: fields.title,
# members.0.1. Strings are bytes with their escapes resolved; numbers, true, false and null are as they are written.
#
# Works with any POSIX awk under LC_ALL=C, where characters are bytes, and in time that grows as the line does. The bytes
# 0, 1 and 2, which no text needs, are read as blanks.

BEGIN {
    # JSON has no such byte in a line, so each can stand for an escape while the line is taken apart.
    json_backslash = sprintf("%c", 1)
    json_quote = sprintf("%c", 2)
    for (json_i = 3; json_i < 256; json_i++) json_byte[json_i] = sprintf("%c", json_i)
    json_byte[0] = json_byte[1] = json_byte[2] = " "
}

# Nonzero if the line is one object; its members go to `out`.
function fold(line, out,    parts, count, i) {
    split("", out)
    gsub(/\\\\/, json_backslash, line)
    gsub(/\\"/, json_quote, line)
    # What is left of quotes begins and ends strings: every second part is one.
    count = split(line, parts, "\"")
    json_depth = json_wants_key = json_is_over = json_failed = 0
    for (i = 1; i <= count && !json_failed; i++) {
        if (i % 2) json_structure(parts[i], out)
        else if (json_depth == 0) json_failed = 1
        else json_string(json_text(parts[i]), out)
    }
    return json_is_over && !json_failed && count % 2
}

# Brackets, commas and plain values.
function json_structure(part, out,    length_, i, character, start) {
    length_ = length(part)
    for (i = 1; i <= length_; i++) {
        character = substr(part, i, 1)
        if (character ~ /[ \t\r\n:]/) continue
        if (json_is_over) { json_failed = 1; return }
        if (character == ",") {
            if (json_kind[json_depth] == "[") json_index[json_depth]++
            else json_wants_key = 1
        } else if (character == "{" || character == "[") {
            json_path[json_depth + 1] = json_depth == 0 ? "" : json_place() "."
            if (++json_depth > 256) { json_failed = 1; return }
            json_kind[json_depth] = character
            json_index[json_depth] = 0
            json_wants_key = character == "{"
        } else if (character == "}" || character == "]") {
            json_wants_key = 0
            if (--json_depth <= 0) json_is_over = 1
        } else {
            for (start = i; i < length_ && substr(part, i + 1, 1) ~ /[-+.0-9a-zA-Z]/; i++) continue
            if (json_depth == 0) { json_failed = 1; return }
            out[json_place()] = substr(part, start, i - start + 1)
        }
    }
}

function json_string(text, out) {
    if (json_wants_key) {
        json_key[json_depth] = text
        json_wants_key = 0
    } else {
        out[json_place()] = text
    }
}

function json_place() {
    return json_path[json_depth] (json_kind[json_depth] == "[" ? json_index[json_depth] : json_key[json_depth])
}

# The bytes that a string means. Each escape is replaced wherever it occurs, one after the other.
function json_text(text,    at, digits, code, low) {
    gsub(json_quote, "\"", text)
    if (index(text, "\\")) {
        gsub(/\\n/, "\n", text)
        gsub(/\\t/, "\t", text)
        gsub(/\\r/, "\r", text)
        gsub(/\\b/, "\b", text)
        gsub(/\\f/, "\f", text)
        gsub(/\\\//, "/", text)
        while ((at = index(text, "\\u")) > 0) {
            digits = substr(text, at + 2, 4)
            code = json_hex(digits)
            low = json_hex(substr(text, at + 8, 4))
            if (code >= 55296 && code < 56320 && substr(text, at + 6, 2) == "\\u" && low >= 56320 && low < 57344) {
                digits = digits "\\\\u" substr(text, at + 8, 4)
                code = 65536 + (code - 55296) * 1024 + low - 56320
            }
            gsub("\\\\u" digits, json_replacement(code), text)
        }
    }
    gsub(json_backslash, "\\", text)
    return text
}

function json_hex(digits,    i, value) {
    value = 0
    for (i = 1; i <= 4; i++) value = value * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
    return value
}

# What stands in the text until all escapes are gone. In a replacement, & is what was found.
function json_replacement(code) {
    return code == 38 ? "\\&" : code == 92 ? json_backslash : json_utf8(code)
}

# A character as the bytes of UTF-8 (RFC 3629).
function json_utf8(code) {
    if (code < 128) return json_byte[code]
    if (code < 2048) return json_byte[192 + int(code / 64)] json_byte[128 + code % 64]
    if (code < 65536) return json_byte[224 + int(code / 4096)] json_byte[128 + int(code / 64) % 64] json_byte[128 + code % 64]
    return json_byte[240 + int(code / 262144)] json_byte[128 + int(code / 4096) % 64] \
        json_byte[128 + int(code / 64) % 64] json_byte[128 + code % 64]
}
